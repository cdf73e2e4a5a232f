/** What lies on hosts beside the version itself. */
export interface EnvironmentContent {
  readonly links: readonly SharedLink[];
  readonly files: readonly DeclaredFile[];
  readonly secrets: readonly DeclaredFile[];
  /** Variables of templates. */
  readonly vars: Readonly<Record<string, VariableValue>>;
  readonly assets: AssetSettings | null;
  /** The only user as whom things may be done on hosts; null: whoever logs in. */
  readonly owner: string | null;
}

export type VariableValue = string | number | boolean;

/** Something that outlives versions: in `<path>-shared/` on the host. */
export interface SharedLink {
  /** Relative to the code. */
  readonly path: string;
  readonly kind: 'folder' | 'file';
  readonly mode: string;
  /** Null: as it comes. */
  readonly group: string | null;
}

/** A file that goes to hosts with every version, but is no part of it. */
export interface DeclaredFile {
  readonly path: string;
  /** The absolute path of the template, or of the secret, on this machine. */
  readonly source: string;
  readonly mode: string;
  readonly group: string | null;
}

export interface AssetSettings {
  readonly paths: readonly string[];
  /** Of how many versions they stay. */
  readonly keep: number;
}

/** One state of all code of an environment: a commit without parents, named by a tag. */
export interface Version {
  /** `<yyyymmdd>-<serial>`; the serial orders versions, the date is for people. */
  readonly name: string;
  readonly serial: number;
  readonly commit: string;
  readonly tree: string;
}

export function parseVersionName(text: string): { readonly date: string; readonly serial: number } | null {
  const match = /^(\d{8})-(\d{4,9})$/.exec(text);
  return match === null ? null : { date: match[1] ?? '', serial: Number(match[2]) };
}

export function versionName(at: Date, serial: number): string {
  return `${at.toISOString().slice(0, 10).replaceAll('-', '')}-${String(serial).padStart(4, '0')}`;
}

/** What becomes of a host after its switch, and which stages are the site's own. */
export interface RecipeSettings {
  readonly kind: 'plain' | 'mediawiki';
  /** Modules on this machine that replace parts of a deployment, by the part's name. */
  readonly modules: Readonly<Partial<Record<ReplaceablePart, string>>>;
  readonly php: PhpSettings | null;
  readonly localisation: LocalisationSettings | null;
  /** Asked of each host after its restart, before the checks, so that no user waits for cold caches. */
  readonly warmup: readonly string[];
}

export const replaceableParts = [
  'preflight',
  'build',
  'transfer',
  'prepare',
  'assets',
  'rollout',
  'depool',
  'promote',
  'restart',
  'check',
  'repool',
  'finalize',
] as const;
export type ReplaceablePart = (typeof replaceableParts)[number];

/** How php-fpm comes to run the new code. */
export interface PhpSettings {
  readonly strategy: 'restart' | 'reload' | 'reset' | 'none';
  /** The script for sh that restarts or reloads. */
  readonly command: string;
  /** The unit that systemctl is told of; null: a command of the site's does it. */
  readonly service: string | null;
  /** The program, whose settings the doctor looks at. */
  readonly fpm: string;
  /** Its php-fpm.conf; null: where its php.ini is. */
  readonly fpmConfig: string | null;
  /** `reset`: the address that resets opcache; `{host}` stands for the host. */
  readonly resetUrl: string | null;
  /** An address whose answer names the version; every worker must answer the new one. */
  readonly versionUrl: string | null;
  /** How many answers in a row must name it. */
  readonly confirmations: number;
  readonly timeoutMs: number;
}

/** MediaWiki's localisation cache, made on this machine before a version is. */
export interface LocalisationSettings {
  /** Folders with a MediaWiki in the staging tree, relative; '.' is the tree itself. */
  readonly roots: readonly string[];
  /** The LocalSettings.php that names the extensions: relative to a root, or absolute. */
  readonly settings: string;
  readonly php: string;
  /** PHP arrays that are part of the version; or CDB files that hosts make of it. */
  readonly store: 'static-array' | 'cdb';
  /** `cdb`: the PHP of hosts. */
  readonly hostPhp: string;
  /** Null: all. */
  readonly languages: readonly string[] | null;
  readonly threads: number;
  readonly timeoutMs: number;
}

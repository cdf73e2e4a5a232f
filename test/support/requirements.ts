import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The programs that some tests need beside Node, and Debian's packages that bring them.
 * A test names what it needs with {@link requires}; the runner installs the packages or lists what is missing.
 */
interface Requirement {
  readonly title: string;
  /** Groups of alternatives: of each group one program must be there. */
  readonly programs: readonly (readonly string[])[];
  readonly packages: readonly string[];
  /** PHP extensions that must be loaded. */
  readonly phpExtensions?: readonly string[];
  /** Other files that must exist. */
  readonly files?: readonly string[];
  /** Files below MediaWiki's folder that must exist. */
  readonly mediawikiFiles?: readonly string[];
}

const phpPackages = ['cli', 'mysql', 'sqlite3', 'intl', 'mbstring', 'xml', 'bz2', 'gd', 'apcu', 'curl'];

const table = {
  mariadb: {
    title: 'MariaDB server and client',
    programs: [['mariadbd'], ['mariadb-install-db'], ['mariadb'], ['mariadb-dump']],
    packages: ['mariadb-server', 'mariadb-client'],
  },
  mediawiki: {
    title: 'MediaWiki with PHP',
    programs: [['php']],
    packages: ['mediawiki', ...phpPackages.map((name) => `php-${name}`)],
    phpExtensions: ['mysqli', 'pdo_sqlite', 'intl', 'mbstring', 'xml', 'gd', 'bz2'],
    mediawikiFiles: ['maintenance/install.php', 'maintenance/dumpBackup.php'],
  },
  openssl: { title: 'OpenSSL', programs: [['openssl']], packages: ['openssl'] },
  bzip2: { title: 'bzip2', programs: [['bzip2']], packages: ['bzip2'] },
  lbzip2: { title: 'lbzip2', programs: [['lbzip2']], packages: ['lbzip2'] },
  zstd: { title: 'zstd', programs: [['zstd']], packages: ['zstd'] },
  '7z': { title: '7-Zip', programs: [['7zz', '7z', '7za']], packages: ['p7zip-full'] },
  sshd: {
    title: 'OpenSSH server',
    programs: [['sshd'], ['ssh'], ['ssh-keygen'], ['git'], ['flock']],
    packages: ['openssh-server', 'openssh-client', 'git', 'util-linux'],
  },
  rsync: { title: 'rsync', programs: [['rsync']], packages: ['rsync'] },
  xfs: { title: 'tools for XFS', programs: [['mkfs.xfs']], packages: ['xfsprogs'] },
  git: { title: 'git', programs: [['git'], ['flock']], packages: ['git', 'util-linux'] },
  busybox: { title: 'BusyBox', programs: [['busybox']], packages: ['busybox'] },
  etcd: { title: 'etcd', programs: [['etcd'], ['etcdctl']], packages: ['etcd-server', 'etcd-client'] },
  'php-fpm': {
    title: 'php-fpm with opcache, and nginx',
    programs: [['php-fpm8.2', 'php-fpm8.4', 'php-fpm'], ['nginx']],
    packages: ['php-fpm', 'nginx'],
  },
  kubernetes: {
    title: "Kubernetes' client for Python",
    programs: [['python3']],
    packages: ['python3-kubernetes'],
    files: ['/usr/bin/python3', '/usr/lib/python3/dist-packages/kubernetes/client/__init__.py'],
  },
  chromium: { title: 'Chromium', programs: [['chromium', 'google-chrome']], packages: ['chromium'] },
} as const satisfies Readonly<Record<string, Requirement>>;

export type RequirementName = keyof typeof table;

export const requirementNames = Object.keys(table) as readonly RequirementName[];

/** Skips whose reason begins so are reported, but are no failure under ROTA_REQUIRE_ALL. */
export const OPTIONAL_MARK = 'optional: ';

/** Where MediaWiki is installed: ROTA_MEDIAWIKI, else where Debian's package puts it. */
export function mediawikiFolder(): string {
  return process.env.ROTA_MEDIAWIKI ?? '/usr/share/mediawiki';
}

/** The full path of the first of these programs that is installed. Servers stand in sbin, which not everyone's PATH has. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/local/sbin', '/usr/sbin', '/sbin');
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (folder !== '' && isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** As {@link findProgram}, for a test that has already said that it needs the program. */
export function program(...names: readonly string[]): string {
  const path = findProgram(...names);
  if (path === undefined) throw new Error(`None of these programs is installed: ${names.join(', ')}.`);
  return path;
}

export function isPresent(name: RequirementName): boolean {
  const need: Requirement = table[name];
  if (!need.programs.every((alternatives) => findProgram(...alternatives) !== undefined)) return false;
  if (!(need.files ?? []).every((file) => existsSync(file))) return false;
  if (!(need.mediawikiFiles ?? []).every((file) => existsSync(join(mediawikiFolder(), file)))) return false;
  if (need.phpExtensions === undefined) return true;
  const loaded = execFileSync(program('php'), ['-m'], { encoding: 'utf8' }).toLowerCase().split('\n');
  return need.phpExtensions.every((extension) => loaded.includes(extension));
}

/** Debian's packages for these requirements, each once. */
export function packagesFor(names: readonly RequirementName[]): readonly string[] {
  return [...new Set(names.flatMap((name) => table[name].packages as readonly string[]))];
}

/**
 * `false` when all are present, else the reason to skip: the value of a node:test `skip` option.
 * What MediaWiki and MariaDB tests share (the running server) is provided by `npm test`, so they also need the runner.
 */
export function requires(...names: readonly RequirementName[]): string | false {
  const missing = names.filter((name) => !isPresent(name));
  if (missing.length > 0) {
    const titles = missing.map((name) => table[name].title).join(', ');
    return `needs ${titles} (apt-get install ${packagesFor(missing).join(' ')})`;
  }
  const shared = names.some((name) => name === 'mariadb' || name === 'mediawiki');
  if (shared && process.env.ROTA_TEST_BED === undefined) return 'needs the shared server of npm test';
  return false;
}

/** For tests that mount a file system or change the user. */
export function requiresRoot(): string | false {
  return process.getuid?.() === 0 ? false : `${OPTIONAL_MARK}needs root`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

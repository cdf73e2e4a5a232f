import { RotaError } from '../../core/errors/rota-error.ts';

/**
 * Where a database is: a plain object that can be sent to a worker thread, which opens its own connection.
 * It holds the password as a plain string: never log it, use {@link describeAddress}.
 */
export type DatabaseAddress = MariadbAddress | SqliteAddress;

export interface MariadbAddress {
  readonly dialect: 'mariadb';
  /** Default localhost; unused with a socket. */
  readonly host?: string;
  /** Default 3306. */
  readonly port?: number;
  /** Path of a Unix socket: wins over host and port. */
  readonly socket?: string;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  /** `verify: false` encrypts without checking who answers. Certificates and the key are PEM text. */
  readonly tls?: {
    readonly verify: boolean;
    readonly ca?: string;
    /** Who asks, for accounts that want it (REQUIRE X509); with its key. */
    readonly cert?: string;
    readonly key?: string;
  };
  /** $wgDBprefix. */
  readonly tablePrefix?: string;
}

export interface SqliteAddress {
  readonly dialect: 'sqlite';
  /** Path of the wiki's main database file. */
  readonly file: string;
  /** $wgDBprefix. */
  readonly tablePrefix?: string;
}

/** The address in words, without password: for messages and logs that are not public. */
export function describeAddress(address: DatabaseAddress): string {
  if (address.dialect === 'sqlite') return `sqlite:${address.file}`;
  const place = address.socket ?? `${address.host ?? 'localhost'}:${address.port ?? 3306}`;
  return `mysql://${address.user}@${place}/${address.database}`;
}

/**
 * Reads `mysql://user@host:port/database?socket=…&tls=…&prefix=…` (also `mariadb://`) or `sqlite:/path?prefix=…`.
 * A password in the URL is used unless one is given beside it.
 * @throws RotaError DATABASE_ADDRESS_INVALID
 */
export function parseDatabaseUrl(url: string, options: { password?: string } = {}): DatabaseAddress {
  if (url.startsWith('sqlite:')) return parseSqlite(url);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'postgres' || scheme === 'postgresql' || scheme === 'pgsql') {
    throw invalid('Rota reads MediaWiki on MariaDB, MySQL and SQLite, not on PostgreSQL');
  }
  if (scheme !== 'mysql' && scheme !== 'mariadb') {
    throw invalid('The database URL must begin with mysql://, mariadb:// or sqlite:');
  }
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw invalid('The database URL is not a URL: give mysql://user@host/database');
  }
  const database = decodeURIComponent(parsed.pathname.replace(/^\//, ''));
  if (database === '' || database.includes('/'))
    throw invalid('The database URL names no database: give mysql://user@host/database');
  const user = decodeURIComponent(parsed.username);
  if (user === '') throw invalid('The database URL names no user: give mysql://user@host/database');
  const password = options.password ?? decodeURIComponent(parsed.password);
  const query = parsed.searchParams;
  for (const key of query.keys()) {
    if (!['socket', 'tls', 'prefix'].includes(key))
      throw invalid(`The database URL has the unknown setting "${key}": known are socket, tls and prefix`);
  }
  const socket = query.get('socket');
  const tls = query.get('tls');
  const prefix = query.get('prefix');
  if (tls !== null && !['verify', 'no-verify', 'off'].includes(tls))
    throw invalid(`The database URL has tls=${tls}: give verify, no-verify or off`);
  return {
    dialect: 'mariadb',
    user,
    database,
    ...(parsed.hostname === '' ? {} : { host: parsed.hostname.replace(/^\[(.*)\]$/, '$1') }),
    ...(parsed.port === '' ? {} : { port: Number(parsed.port) }),
    ...(socket === null ? {} : { socket }),
    ...(password === '' ? {} : { password }),
    ...(tls === null || tls === 'off' ? {} : { tls: { verify: tls === 'verify' } }),
    ...prefixed(prefix),
  };
}

function parseSqlite(url: string): SqliteAddress {
  const [path = '', query = ''] = url.slice('sqlite:'.length).split('?', 2);
  const file = path.replace(/^\/\/(?=\/)/, '');
  if (file === '') throw invalid('The database URL names no file: give sqlite:/path/to/file.sqlite');
  return { dialect: 'sqlite', file, ...prefixed(new URLSearchParams(query).get('prefix')) };
}

function prefixed(prefix: string | null): { tablePrefix?: string } {
  if (prefix === null || prefix === '') return {};
  checkTablePrefix(prefix);
  return { tablePrefix: prefix };
}

/** A prefix becomes part of SQL: only what MediaWiki's installer allows passes. */
export function checkTablePrefix(prefix: string): string {
  if (!/^[A-Za-z0-9_-]{0,64}$/.test(prefix))
    throw invalid(
      `The table prefix ${JSON.stringify(prefix)} is not one that MediaWiki allows: letters, digits, _ and -`,
    );
  return prefix;
}

function invalid(message: string): RotaError {
  return new RotaError('DATABASE_ADDRESS_INVALID', `${message}.`);
}

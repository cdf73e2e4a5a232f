import { readFileSync } from 'node:fs';
import type { DatabaseAddress as ConfiguredAddress, TlsConfig } from '../config/database-config.ts';
import type { WikiConfig } from '../config/farm-config.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import type { Log } from '../core/log.ts';
import type { DatabaseAddress, MariadbAddress } from '../mediawiki/database/database-address.ts';
import type { DatabaseConnection } from '../mediawiki/database/database-connection.ts';
import { openDatabase } from '../mediawiki/database/open-database.ts';
import { detectSchema } from '../mediawiki/schema/detect-schema.ts';
import type { WikiSchema } from '../mediawiki/schema/wiki-schema.ts';

/** How one wiki is read: plain data that rendering threads get, too. Holds passwords: never logged. */
export interface WikiAccess {
  readonly name: string;
  readonly database: DatabaseAddress;
  readonly externalStores: Readonly<Record<string, DatabaseAddress>>;
  readonly legacyEncoding: string | null;
  /** How long a database that went away is waited for, milliseconds. */
  readonly retryForMs: number;
}

const retryForMs = 5 * 60_000;

export function wikiAccess(wiki: WikiConfig): WikiAccess {
  return {
    name: wiki.name,
    database: readerAddress(wiki.database, wiki.tablePrefix),
    externalStores: Object.fromEntries(
      [...wiki.externalStores].map(([cluster, address]) => [cluster, readerAddress(address, '')]),
    ),
    legacyEncoding: wiki.legacyEncoding,
    retryForMs,
  };
}

/** A connection for metadata with what is known of its schema. */
export interface WikiReading extends AsyncDisposable {
  readonly connection: DatabaseConnection;
  readonly schema: WikiSchema;
}

/** Where the wiki's siteinfo comes from, as the reader of siteinfo takes it: a URL or a path. */
export function siteInfoSource(wiki: WikiConfig): string {
  return wiki.siteInfo.kind === 'api' ? wiki.siteInfo.url : wiki.siteInfo.file;
}

/** By which its siteinfo may call the wiki. */
export function namesOf({ name, database }: WikiConfig): readonly string[] {
  return database.kind === 'mysql' ? [name, database.database] : [name];
}

export interface OpenWikiOptions {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Where a snapshot of an SQLite wiki is copied to: private. */
  readonly scratchFolder?: string;
}

export async function openWiki(access: WikiAccess, options: OpenWikiOptions): Promise<WikiReading> {
  const connection = await openDatabase(access.database, { ...options, retryForMs: access.retryForMs });
  try {
    const schema = await detectSchema(connection);
    return { connection, schema, [Symbol.asyncDispose]: () => connection.close() };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function readerAddress(address: ConfiguredAddress, tablePrefix: string): DatabaseAddress {
  const prefix = tablePrefix === '' ? {} : { tablePrefix };
  if (address.kind === 'sqlite') return { dialect: 'sqlite', file: address.file, ...prefix };
  return {
    dialect: 'mariadb',
    host: address.host,
    port: address.port,
    user: address.user,
    database: address.database,
    ...(address.socketPath === null ? {} : { socket: address.socketPath }),
    ...(address.password === null ? {} : { password: address.password.reveal() }),
    ...(address.tls === null ? {} : { tls: readTls(address.tls) }),
    ...prefix,
  };
}

/** The files of a TLS setting; plain text, as threads cannot be sent anything else. */
function readTls(tls: TlsConfig): NonNullable<MariadbAddress['tls']> {
  const { verify, caFile, certFile, keyFile } = tls;
  return {
    verify,
    ...(caFile === null ? {} : { ca: readPem(caFile) }),
    ...(certFile === null ? {} : { cert: readPem(certFile) }),
    ...(keyFile === null ? {} : { key: readPem(keyFile) }),
  };
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RotaError('FILE_UNREADABLE', `${file}, which rota.yaml names under tls, cannot be read`, {
      cause: error,
    });
  }
}

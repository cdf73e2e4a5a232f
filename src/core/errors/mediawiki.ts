import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of reading a wiki: its database, its text storage, its siteinfo. */
export const mediawikiErrors = {
  DATABASE_ADDRESS_INVALID: {
    exit: exitStatus.usage,
    retryable: false,
    meaning:
      'The address of a wiki database is not understood, or names a kind of database that Rota cannot read.',
    remedy: 'Give mysql://user@host/database (MariaDB, MySQL) or sqlite:/path/to/file.sqlite.',
  },
  DATABASE_UNREACHABLE: {
    exit: exitStatus.failed,
    retryable: true,
    meaning:
      'The database server does not answer, or the connection broke and could not be made again in time.',
    remedy: 'Check host, port or socket, and that the server runs; the run resumes where it stopped.',
  },
  DATABASE_LOGIN_REFUSED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The database server refused the user name or the password.',
    remedy: "Check the wiki's user and passwordFile in rota.yaml.",
  },
  DATABASE_TLS_REFUSED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The connection to the database could not be encrypted, or the server did not prove who it is.',
    remedy:
      "Check `tls` in rota.yaml: `ca` must have signed the server's certificate, which must be for the host's name.",
  },
  DATABASE_MISSING: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'There is no such database (or file), or the account may not use it.',
    remedy: 'Check the name of the database, and grant the account SELECT on it.',
  },
  TABLE_MISSING: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A table that MediaWiki has is not in the database.',
    remedy: 'Check the name of the database and tablePrefix ($wgDBprefix).',
  },
  TABLE_NOT_GRANTED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The account may not read a table (or column) that a dump needs.',
    remedy: 'Grant the account SELECT on the table; the message gives the statement.',
  },
  NOT_A_WIKI: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The database holds no MediaWiki tables.',
    remedy: 'Check the name of the database and tablePrefix ($wgDBprefix).',
  },
  SCHEMA_UNSUPPORTED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: "The wiki's database schema is older than MediaWiki 1.35, or is not known.",
    remedy: "Run MediaWiki's update.php of version 1.35 or later on the wiki.",
  },
  SNAPSHOT_LOST: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'The connection that held the consistent snapshot broke; the snapshot cannot be had again.',
    remedy: 'Nothing: the spool starts anew with a new snapshot.',
  },
  REPLICA_LAGGED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'The database replica is further behind its primary than maxReplicationLag allows.',
    remedy: 'Wait until it has caught up, choose another replica, or raise maxReplicationLag.',
  },
  DATABASE_PACKET_TOO_BIG: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: "A row or a query is larger than the database server's max_allowed_packet.",
    remedy: 'Raise max_allowed_packet on the server.',
  },
  QUERY_FAILED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The database refused a query.',
    remedy: 'See the cause with --verbose; check that the tables are whole (CHECK TABLE).',
  },
  QUERY_INTERRUPTED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'The database ended a query: killed, timed out, deadlocked, or its file was locked by a writer.',
    remedy: "Try again; if it repeats, raise the server's time limits for the account.",
  },
  SITEINFO_UNREADABLE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The siteinfo source could not be read as an API answer or as the head of a dump.',
    remedy: 'Give a URL of api.php, a saved answer of meta=siteinfo, or a file that begins with <mediawiki>.',
  },
  SITEINFO_UNREACHABLE: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: "The wiki's api.php did not answer.",
    remedy: 'Check the URL; a saved answer in a file works without the web server.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

import type { Secret } from '../core/secret.ts';

export type DatabaseAddress = MysqlAddress | SqliteAddress;

/** MariaDB or MySQL. */
export interface MysqlAddress {
  readonly kind: 'mysql';
  readonly host: string;
  readonly port: number;
  /** Unix socket; takes the place of host and port. */
  readonly socketPath: string | null;
  readonly user: string;
  readonly database: string;
  readonly password: Secret | null;
  /** Null: not encrypted. */
  readonly tls: TlsConfig | null;
}

/** How a connection is encrypted. Absolute paths of PEM files, which are read when a connection is made. */
export interface TlsConfig {
  /** Whether who answers must show a certificate for its name by the CA (else by one the system trusts). */
  readonly verify: boolean;
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
}

export interface SqliteAddress {
  readonly kind: 'sqlite';
  readonly file: string;
}

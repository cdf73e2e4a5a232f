import { resolve } from 'node:path';
import { Secret } from '../../core/secret.ts';
import type { DatabaseAddress, TlsConfig } from '../database-config.ts';
import type { Path } from '../faults/document.ts';
import type { ParsedDatabase } from '../schema/addresses.ts';
import type { Report } from './report.ts';

/** `{wiki}` in an address or a path. */
export function withWiki(text: string, wiki: string): string {
  return text.replaceAll('{wiki}', wiki);
}

/** An address with its wiki's name filled in, its paths absolute and its password wrapped. */
export function resolveDatabase(
  parsed: ParsedDatabase,
  wiki: string,
  folder: string,
  password: Secret | null,
  tls: TlsConfig | null,
): DatabaseAddress {
  if (parsed.kind === 'sqlite') return { kind: 'sqlite', file: resolve(folder, withWiki(parsed.file, wiki)) };
  return {
    kind: 'mysql',
    host: withWiki(parsed.host, wiki),
    port: parsed.port,
    socketPath: parsed.socketPath === null ? null : resolve(folder, withWiki(parsed.socketPath, wiki)),
    user: withWiki(parsed.user, wiki),
    database: withWiki(parsed.database, wiki),
    password: parsed.passwordText === null ? password : new Secret(parsed.passwordText),
    tls,
  };
}

export function warnOfPasswordInUrl(parsed: ParsedDatabase, path: Path, report: Report): void {
  if (parsed.kind !== 'mysql' || parsed.passwordText === null) return;
  report.warn(path, 'a password stands in this URL; move it into a file and name that with passwordFile');
}

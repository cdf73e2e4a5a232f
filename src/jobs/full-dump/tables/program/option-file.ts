import type { MariadbAddress } from '../../../../mediawiki/database/database-address.ts';
import type { DumpVendor } from './dump-program.ts';

/** What of a TLS setting the programs read from files. */
export const pemKinds = ['ca', 'cert', 'key'] as const;
export type PemFiles = { readonly [kind in (typeof pemKinds)[number]]?: string };

/**
 * The text of an option file (`[client]`) that logs in as the address says: the only place where the password is
 * written, so it is made with mode 0600 in a private folder and removed.
 * @param pemFiles paths of files with what `address.tls` holds
 */
export function optionFileText(address: MariadbAddress, vendor: DumpVendor, pemFiles: PemFiles = {}): string {
  const lines = ['[client]', `user=${quoted(address.user)}`, `password=${quoted(address.password ?? '')}`];
  if (address.socket !== undefined) {
    lines.push('protocol=socket', `socket=${quoted(address.socket)}`);
  } else {
    // Without the protocol "localhost" would mean the default socket.
    lines.push('protocol=tcp', `host=${quoted(address.host ?? 'localhost')}`, `port=${address.port ?? 3306}`);
  }
  lines.push(...tlsLines(address, vendor));
  for (const kind of pemKinds) {
    const file = pemFiles[kind];
    if (file !== undefined) lines.push(`ssl-${kind}=${quoted(file)}`);
  }
  return `${lines.join('\n')}\n`;
}

function tlsLines({ tls }: MariadbAddress, vendor: DumpVendor): readonly string[] {
  if (vendor === 'mysql') {
    // Its usual way ("preferred") is what the passwords of MySQL 8 need where nothing is asked for.
    if (tls === undefined) return [];
    return [`ssl-mode=${tls.verify ? 'VERIFY_IDENTITY' : 'REQUIRED'}`];
  }
  if (tls === undefined) return ['skip-ssl'];
  return ['ssl', tls.verify ? 'ssl-verify-server-cert' : 'skip-ssl-verify-server-cert'];
}

/** In quotes a # begins no comment and blanks at the ends stay; the backslash escapes. */
function quoted(value: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b' };
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/[\n\r\t\b]/g, (c) => escapes[c] ?? c)}"`;
}

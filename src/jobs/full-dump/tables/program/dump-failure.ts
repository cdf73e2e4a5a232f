import { RotaError } from '../../../../core/errors/rota-error.ts';
import { describeEnd, type ProgramEnd } from '../../../../export/containers/program.ts';
import type { MariadbAddress } from '../../../../mediawiki/database/database-address.ts';
import { mariadbError } from '../../../../mediawiki/database/mariadb/errors.ts';

/** Numbers of the client library: no server, no host, no way of encrypting. */
const unreachable = new Set([2002, 2003, 2005, 2026]);

/** A failed run of the dump program in words; retryable where the server went away or the program was killed. */
export function dumpFailure(
  end: ProgramEnd,
  about: { readonly program: string; readonly table: string; readonly address: MariadbAddress },
): RotaError {
  const { program, table, address } = about;
  const facts = { table, exitCode: end.exitCode, signal: end.signal };
  if (end.signal !== null) {
    return new RotaError(
      'TABLE_DUMP_INTERRUPTED',
      `${program} ${describeEnd(end)} while it dumped the table ${table}; look for what killed it (memory?) and resume the run.`,
      { facts },
    );
  }
  const number = Number(/\berror:? (\d{4})\b/i.exec(end.complaint)?.[1] ?? 0);
  if (number > 0) {
    const message = end.complaint.replace(/\s+/g, ' ').slice(0, 300);
    const known = mariadbError(
      // 2003 and its like are the library's; as 2013 they are a loss of the connection.
      Object.assign(new Error(message), { errno: unreachable.has(number) ? 2013 : number }),
      address,
    );
    if (known.code !== 'QUERY_FAILED') return known;
  }
  return new RotaError(
    'TABLE_DUMP_FAILED',
    `${program} ${describeEnd(end)}, when it was to dump the table ${table}; check the table and the rights of the account, then resume the run.`,
    { facts },
  );
}

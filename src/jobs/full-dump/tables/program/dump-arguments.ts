import type { DumpVendor } from './dump-program.ts';

export interface DumpRequest {
  readonly vendor: DumpVendor;
  /** Path of the option file that says how to log in. */
  readonly optionFile: string;
  readonly database: string;
  /** With prefix. */
  readonly table: string;
}

/**
 * The arguments of the dump program: one table as the field dumps it, read in one transaction by an account that may
 * only SELECT (no LOCK TABLES, PROCESS, TRIGGER, EVENT). Nothing secret stands here: everybody on the machine can read
 * arguments.
 */
export function dumpArguments(request: DumpRequest): readonly string[] {
  return [
    // Alone, so that no my.cnf of the machine or of the user changes what is written. Must come first.
    `--defaults-file=${request.optionFile}`,
    '--opt',
    '--quick',
    '--skip-add-locks',
    '--skip-lock-tables',
    '--single-transaction',
    '--skip-dump-date',
    '--no-tablespaces',
    '--skip-triggers',
    '--skip-events',
    '--skip-routines',
    '--comments',
    // Newer programs of MariaDB wrap the rows in a transaction by default.
    '--no-autocommit=0',
    '--default-character-set=utf8mb4',
    // A row may be as large as the server lets it be.
    '--max-allowed-packet=1G',
    // Both would ask the server for what a reader may not see, or what older servers do not have.
    ...(request.vendor === 'mysql' ? ['--set-gtid-purged=OFF', '--column-statistics=0'] : []),
    '--',
    request.database,
    request.table,
  ];
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import { findProgram, type Program } from '../../../../export/containers/program.ts';

/** MariaDB's program and MySQL's take different options for the same things. */
export type DumpVendor = 'mariadb' | 'mysql';

export interface DumpProgram extends Program {
  readonly vendor: DumpVendor;
}

/**
 * Finds `mariadb-dump` or `mysqldump` and asks whose it is.
 * @param searchPath as in the environment variable PATH
 * @throws RotaError PROGRAM_MISSING, TABLE_DUMP_FAILED
 */
export async function findDumpProgram(searchPath: string, signal: AbortSignal): Promise<DumpProgram> {
  const program = await findProgram(
    {
      names: ['mariadb-dump', 'mysqldump'],
      purpose: 'to dump tables of MariaDB or MySQL',
      install: 'the package mariadb-client (or mysql-client)',
    },
    searchPath,
  );
  return { ...program, vendor: vendorOf(await askVersion(program, signal)) };
}

/** @param version what the program prints for `--version` */
export function vendorOf(version: string): DumpVendor {
  return /mariadb/i.test(version.replace(/^\S+/, '')) ? 'mariadb' : 'mysql';
}

async function askVersion(program: Program, signal: AbortSignal): Promise<string> {
  try {
    const run = promisify(execFile);
    return (await run(program.path, ['--version'], { env: { LC_ALL: 'C' }, signal, timeout: 60_000 })).stdout;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RotaError(
      'TABLE_DUMP_FAILED',
      `${program.path} cannot be asked for its version (${reason}); check that it is whole, or install mariadb-client again.`,
      { cause: error },
    );
  }
}

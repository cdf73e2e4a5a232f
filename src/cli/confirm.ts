import { createInterface } from 'node:readline/promises';
import { RotaError } from '../core/errors/rota-error.ts';
import type { Cli } from './cli.ts';

/** Asks on a terminal; elsewhere `--yes` must have been given. True: go on. */
export async function confirm(cli: Cli, question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes) return true;
  if (process.stdin.isTTY !== true || cli.io.stderr.isTTY !== true) {
    throw new RotaError('USAGE', `${question} Nobody can be asked here: give --yes`);
  }
  const lines = createInterface({ input: process.stdin, output: cli.io.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal: cli.signal })).trim());
  } finally {
    lines.close();
  }
}

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import type { Farm } from '../support/mediawiki/farm.ts';
import { runMaintenance, type TestWiki } from '../support/mediawiki/wiki.ts';
import { runRota } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { assertSameBytes } from './same-bytes.ts';

/** One way to dump, as dumpBackup.php and as `rota export` are asked for it. */
export interface ExportMode {
  readonly mediawiki: readonly string[];
  readonly rota: readonly string[];
}

export const fullMode: ExportMode = { mediawiki: ['--full'], rota: ['--full'] };
export const currentMode: ExportMode = { mediawiki: ['--current'], rota: ['--current'] };

/** What dumpBackup.php writes. */
export async function dumpBackup(wiki: TestWiki, args: readonly string[]): Promise<Buffer> {
  await using folder = await temporaryFolder('dump');
  const file = folder.in('dump.xml');
  // A filter belongs to the output before it.
  await runMaintenance(wiki, 'dumpBackup', ['--quiet', `--output=file:${file}`, ...args]);
  return await readFile(file);
}

/** What dumpTextPass.php makes of dumpBackup.php's stubs; filters leave pages out of those. */
export async function dumpTextPass(
  wiki: TestWiki,
  mode: '--full' | '--current',
  filters: readonly string[] = [],
): Promise<Buffer> {
  await using folder = await temporaryFolder('dump');
  const [stubs, texts] = [folder.in('stubs.xml'), folder.in('texts.xml')];
  await writeFile(stubs, await dumpBackup(wiki, [mode, '--stub', ...filters]));
  await runMaintenance(wiki, 'dumpTextPass', [
    mode,
    '--quiet',
    `--stub=file:${stubs}`,
    `--output=file:${texts}`,
  ]);
  return await readFile(texts);
}

/** What `rota export` writes to standard output. */
export async function rotaExport(farm: Farm, wiki: TestWiki, args: readonly string[]): Promise<Buffer> {
  const result = await runRota(['export', wiki.database, ...args, '-o', '-'], { cwd: farm.folder });
  assert.equal(result.status, 0, `rota export ${args.join(' ')}: ${result.stderr.slice(-2000)}`);
  return result.stdout;
}

export async function assertOnePass(farm: Farm, wiki: TestWiki, mode: ExportMode): Promise<void> {
  const expected = await dumpBackup(wiki, mode.mediawiki);
  const actual = await rotaExport(farm, wiki, [...mode.rota, '--profile', 'one-pass', '--as-mediawiki']);
  assertSameBytes(actual, expected, `${wiki.database} ${mode.rota.join(' ')}`);
}

export async function assertTextPass(
  farm: Farm,
  wiki: TestWiki,
  mode: '--full' | '--current' = '--full',
): Promise<void> {
  const expected = await dumpTextPass(wiki, mode);
  const actual = await rotaExport(farm, wiki, [mode, '--profile', 'text-pass', '--as-mediawiki']);
  assertSameBytes(actual, expected, `${wiki.database} ${mode} text-pass`);
}

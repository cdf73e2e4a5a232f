import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Transition, transitionsOf, whenRecorded } from '../faults/run-watch.ts';
import { signalTree, startRota } from '../support/rota.ts';
import type { DaysFarm } from './days-farm.ts';

/** Begins the day in a process of its own, whose lease ends soon, and kills it in a stage. */
export async function killIn(folder: string, farm: DaysFarm, date: string, stage: string): Promise<void> {
  const config = parse(await readFile(join(folder, 'rota.yaml'), 'utf8')) as object;
  const short = join(folder, 'short-lease.yaml');
  await writeFile(short, stringify({ ...config, lease: { duration: '3s', renewEvery: '1s' } }));
  const args = ['--config', short, 'changes', 'run', farm.wiki, '--date', date];
  const started = startRota(args, { cwd: folder });
  // Stages of earlier days are on record, too.
  const starts = (transitions: readonly Transition[]) =>
    transitions.filter((change) => change.stage === stage && change.to === 'running').length;
  const places = { folder, publicFolder: '', privateFolder: '' };
  const before = starts(transitionsOf(places));
  assert.ok(await whenRecorded(places, started, (transitions) => starts(transitions) > before), stage);
  signalTree(started, 'SIGKILL');
  await started;
  await farm.untilFree(date);
}

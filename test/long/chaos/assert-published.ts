import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunId } from '../../../src/core/ids.ts';
import { assertTokensRise } from '../../control/chaos-series.ts';
import { plainContent } from '../../demo/demo-farm.ts';
import { runRota } from '../../support/rota.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { type ChaosFarm, dateOfDay, makeChaosFarm, reportFolder, writeDump } from './chaos-farm.ts';

/** Each run ended once and published once, and nothing was taken from a token after a later one. */
export async function assertEndedOnce({ store }: ChaosFarm, ids: readonly RunId[]): Promise<void> {
  for (const id of ids) {
    const transitions = await store.listTransitions({ id });
    const ends = (stage: string | undefined) =>
      transitions.filter((change) => change.stage === stage && change.to === 'done').length;
    assert.equal(ends(undefined), 1, `${id} ended once`);
    assert.equal(ends('publish'), 1, `${id} was published once`);
    assertTokensRise(transitions.flatMap(({ token }) => token ?? []));
    assert.equal((await store.readLease({ key: `run/${id}` }))?.alive ?? false, false, `${id} is held`);
  }
}

/** Every dump that is there is whole, right by its checksums, and has the texts of the others of its wiki. */
export async function assertDumps({ farm }: ChaosFarm, ids: readonly RunId[]): Promise<void> {
  const contents = new Map<string, string>();
  for (const id of ids) {
    const [job, wiki = '', date = ''] = id.split('/');
    if (job !== 'full-dump') continue;
    const folder = join(farm.folder, 'public', wiki, date);
    // Older dates have gone by retention; what is there is whole.
    const names = await readdir(folder).catch(() => []);
    const sums = names.find((name) => name.endsWith('-sha256sums.txt'));
    if (names.length === 0) continue;
    assert.ok(sums, `${folder} has checksums`);
    for (const line of (await readFile(join(folder, sums), 'utf8')).trimEnd().split('\n')) {
      const [sha256 = '', name = ''] = line.split(/ +\*?/);
      const path = join(folder, basename(name));
      assert.equal(digest(await readFile(path)), sha256, path);
      if (!/\.(xml|xml\.gz|xml\.zst|xml\.bz2)$/.test(name)) continue;
      // The wikis stand still, so every date has the same texts.
      const kind = `${wiki} ${basename(name).split('-').slice(2).join('-')}`;
      const content = digest(await plainContent(path));
      assert.equal(contents.get(kind) ?? content, content, `${path} has the texts of the other dates`);
      contents.set(kind, content);
    }
  }
  assert.ok(contents.size > 0, 'something was published');
}

/** Every day has its report, and the last one is, file by file, what a farm makes that nobody disturbs. */
export async function assertReports({ farm }: ChaosFarm, days: number): Promise<void> {
  for (let day = 1; day <= days; day++) {
    const report = JSON.parse(await readFile(join(reportFolder(farm.folder, day), 'report.json'), 'utf8'));
    assert.ok(report.asOf, `day ${day}`);
  }
  await using folder = await temporaryFolder('chaos-quiet');
  // Nobody dies here: on a busy machine a short lease would only be lost.
  const quiet = await makeChaosFarm(folder.path, 'sqlite:./rota.db', { duration: '120s' });
  await writeDump(quiet.folder, days);
  const made = await runRota(['report', 'run', '--date', dateOfDay(days)], { cwd: quiet.folder });
  assert.equal(made.status, 0, made.stderr);
  const expected = await digestsOf(reportFolder(quiet.folder, days));
  assert.ok(Object.keys(expected).length > 5);
  assert.deepEqual(await digestsOf(reportFolder(farm.folder, days)), expected);
}

/** Of every file of a report, but for what tells when it was loaded. */
async function digestsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const text = (await readFile(file, 'utf8')).replaceAll(
      /"loadedAt": "[^"]*"|\d{4}-\d\d-\d\dT[\d:.]+Z|loaded [^<]*/gi,
      '',
    );
    found[file.slice(folder.length)] = digest(text);
  }
  return found;
}

function digest(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

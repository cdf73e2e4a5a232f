import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { makeSqliteFarm, type SqliteFarm, wikiName } from './sqlite-farm.ts';

const history = 'pages-meta-history.xml.zst';

describe('a dump that something happened to', () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  let sound: string;

  const dump = (date: string, ...args: readonly string[]) =>
    farm.rota('dump', wikiName, '--date', date, ...args);
  /** Files of a run's pieces, in the work folder. */
  const pieceFiles = (date: string, pattern: string) =>
    globSync(join(folder.path, `*work*/**/*${date}*/p*/${pattern}`)).toSorted();

  before(async () => {
    folder = await temporaryFolder('recovery');
    farm = await makeSqliteFarm(folder.path);
    const first = await dump('20260101');
    assert.equal(first.status, 0, first.stderr);
    sound = await farm.published('20260101', history);
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  for (const [what, damage] of [
    ['cut short', async (path: string) => await truncate(path, 100)],
    [
      'changed in one byte',
      async (path: string) => {
        const bytes = await readFile(path);
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0x20;
        await writeFile(path, bytes);
      },
    ],
  ] as const) {
    it(`makes a piece again that is ${what}`, async () => {
      const date = `2026020${['cut short', 'changed in one byte'].indexOf(what) + 1}`;
      assert.equal((await dump(date, '--only', 'content')).status, 0);
      const files = pieceFiles(date, 'history.zst');
      assert.ok(files.length > 1, `the dump has several pieces, not ${files.length}`);
      await damage(files[1] ?? '');
      const resumed = await dump(date);
      assert.equal(resumed.status, 0, resumed.stderr);
      assert.match(resumed.stderr, /a finished piece is damaged/);
      assert.ok((await farm.published(date, history)) === sound, 'the same history');
    });
  }

  it('never replaces what is published, unless that is asked for in so many words', async () => {
    assert.equal((await dump('20260101')).status, 4, 'nothing to do');
    for (const trial of [['--dry-run'], []]) {
      const forced = await dump('20260101', '--force', ...trial);
      assert.equal(forced.status, 1);
      assert.match(forced.stderr, /PUBLICATION_CONFLICT/);
    }
    const replaced = await dump('20260101', '--force', '--replace');
    assert.equal(replaced.status, 0, replaced.stderr);
    assert.ok((await farm.published('20260101', history)) === sound);
    const manifest = await readFile(
      join(folder.path, 'public', wikiName, '20260101', 'manifest.json'),
      'utf8',
    );
    assert.equal(
      (JSON.parse(manifest) as { tombstones: { what: string }[] }).tombstones[0]?.what,
      'replaced',
    );
  });

  it('makes the pieces anew from the same spool with --from-stage content', async () => {
    assert.equal((await dump('20260301', '--only', 'content')).status, 0);
    const trial = async (...args: readonly string[]) =>
      (await dump('20260301', '--dry-run', ...args)).stdout.toString();
    assert.match(await trial(), /keep {2}spool\n[\s\S]*keep {2}content\nrun {2}assemble\n/);
    assert.match(await trial('--from-stage', 'logs'), /keep {2}spool\nrun {2}logs\n[\s\S]*run {2}content\n/);
    assert.doesNotMatch(await trial('--from-stage', 'content'), /keep/);
    assert.match(await trial('--only', 'content'), /^keep {2}preflight\nkeep {2}spool\nkeep {2}content\n$/);
    const again = await dump('20260301', '--from-stage', 'content');
    assert.equal(again.status, 0, again.stderr);
    assert.ok((await farm.published('20260301', history)) === sound);
  });

  it('publishes what can be read, says what cannot, and holds the set', async () => {
    farm.sql('UPDATE text SET old_flags = ? WHERE old_id = (SELECT MAX(old_id) - 20 FROM text)', 'error');
    // Carried over, the text would come from the date before, which could read it.
    const result = await dump('20260401', '--no-carry-over');
    assert.equal(result.status, 1, result.stderr);
    assert.match(result.stdout.toString(), /held/);
    const list = await readFile(
      join(folder.path, 'public', wikiName, '20260401', `${wikiName}-20260401-failed-revisions.json`),
      'utf8',
    );
    const { failed } = JSON.parse(list) as { failed: readonly Record<string, unknown>[] };
    assert.equal(failed.length, 1);
    assert.deepEqual(Object.keys(failed[0] ?? {}).sort(), ['code', 'kind', 'page', 'revision', 'role']);
    assert.equal(failed[0]?.code, 'marked-error');
  });
});

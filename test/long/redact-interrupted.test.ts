// A redaction whose process is killed is completed by asking once more; what was begun before it is not published after
// it unseen; and nothing of the wiki is dumped meanwhile.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { systemClock } from '../../src/core/clock.ts';
import { hideInWiki, plantSecrets, secrets } from '../dump/secret-revisions.ts';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { endLeases } from '../support/end-leases.ts';
import { filesBelow } from '../support/published.ts';
import { signalTree, startRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const names = ['stub-meta-history.xml.gz', 'pages-articles.xml.zst', 'pages-meta-history.xml.zst'] as const;

describe('a redaction', () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  let ids: readonly number[] = [];
  const redact = () => ['dump', 'redact', wikiName, '--rev', ids.join(','), '--yes'];

  before(async () => {
    folder = await temporaryFolder('redact-interrupted');
    farm = await makeSqliteFarm(folder.path, { outputs: ['stubs', 'articles', 'history'], keep: 9 });
    ids = plantSecrets(farm);
    for (const date of ['20260101', '20260102']) {
      const dumped = await farm.rota('dump', wikiName, '--date', date);
      assert.equal(dumped.status, 0, dumped.stderr);
    }
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  it('that is killed at any moment leaves whole files, and is completed by asking again', async () => {
    let killed = 0;
    // First before anything is changed, then as soon as each of these files has changed.
    for (const watched of [
      null,
      ...['20260101', '20260102'].map((date) => farm.path(date, 'stub-meta-history.xml.gz')),
    ]) {
      const before = watched === null ? null : await readFile(watched);
      const child = startRota(redact(), { cwd: farm.folder });
      const isOver = child.then(() => true);
      const work = join(farm.folder, 'work', `redaction.${wikiName}`);
      for (let tries = 0; tries < 3_000; tries += 1) {
        if (await Promise.race([isOver, systemClock.sleep(3).then(() => false)])) break;
        if (before === null ? existsSync(work) : !(await readFile(watched ?? '')).equals(before)) break;
      }
      signalTree(child, 'SIGKILL');
      if ((await child).exitCode !== 0) killed += 1;
      for (const date of ['20260101', '20260102']) {
        for (const name of names) assert.match(await farm.published(date, name), /<\/mediawiki>\s*$/);
      }
      endLeases(farm.folder);
    }
    assert.ok(killed > 0, 'the process was killed');
    const monitor = await farm.rota('monitor', '--once');
    assert.equal(monitor.status, 0, monitor.stderr);
    const last = await farm.rota(...redact());
    assert.ok([0, 4].includes(last.status), last.stderr);
    for (const file of await filesBelow(join(farm.folder, 'public'))) {
      for (const word of Object.values(secrets)) assert.ok(!(await readFile(file)).includes(word), file);
    }
    for (const date of ['20260101', '20260102']) {
      for (const name of names) assert.ok(!(await farm.published(date, name)).includes(secrets.user), name);
      await sumsAreRight(farm, date);
    }
    assert.deepEqual(await workLeft(), []);
  });

  it('waits for no run: one that may still publish is to end first, and one taken up later looks again', async () => {
    // Its last look is over when it is held: a text cannot be read.
    const broken = farm.value(
      `SELECT CAST(SUBSTR(content_address, 4) AS INTEGER) FROM slots JOIN content ON content_id = slot_content_id
        JOIN revision ON rev_id = slot_revision_id WHERE rev_id NOT IN (${ids.join(',')}) AND rev_deleted = 0 ORDER BY rev_id LIMIT 1`,
    );
    farm.sql("UPDATE text SET old_text = 'broken', old_flags = 'utf-8,gzip' WHERE old_id = ?", broken);
    hideInWiki(farm, ids, 0);
    const held = await farm.rota('dump', wikiName, '--date', '20260103', '--no-carry-over');
    assert.equal(held.status, 1, held.stderr);
    const busy = await farm.rota(...redact());
    assert.equal(busy.status, 75, busy.stderr);
    assert.match(busy.stderr, /full-dump\/smallwiki\/20260103 is held and may publish what is to be hidden/);
    const run = `full-dump/${wikiName}/20260103`;
    for (const args of [['run', 'cancel', run], redact(), ['run', 'resume', run]]) {
      const done = await farm.rota(...args);
      assert.ok([0, 4].includes(done.status), `${args.join(' ')}: ${done.stderr}`);
    }
    const refused = await farm.rota('dump', wikiName, '--date', '20260103');
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /REDACTED_SINCE/);
    assert.equal(existsSync(farm.path('20260103', names[0])), false);
    hideInWiki(farm, ids);
    const looked = await farm.rota('dump', wikiName, '--date', '20260103', '--from-stage', 'last-look');
    assert.match(looked.stderr + looked.stdout.toString(), /held/);
    assert.equal((await farm.rota('run', 'approve', run)).status, 0);
    const published = await farm.rota('dump', wikiName, '--date', '20260103');
    assert.ok([0, 3].includes(published.status), published.stderr);
    for (const name of names) {
      const text = await farm.published('20260103', name);
      for (const word of Object.values(secrets)) assert.equal(text.includes(word), false, name);
    }
  });

  async function workLeft(): Promise<readonly string[]> {
    const names = await readdir(join(farm.folder, 'work'));
    return names.filter((name) => name.includes('redaction'));
  }
});

async function sumsAreRight(farm: SqliteFarm, date: string): Promise<void> {
  const cwd = dirname(farm.path(date, 'x'));
  const sums = `${wikiName}-${date}-sha256sums.txt`;
  const checked = await execa('sha256sum', ['-c', '--quiet', sums], { cwd, reject: false });
  assert.equal(checked.exitCode, 0, checked.stdout);
}

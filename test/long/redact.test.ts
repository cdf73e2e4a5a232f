// Revisions are hidden in everything that a wiki has published: the files are then what they would have been, had the
// wiki hidden them before.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import type { LedgerEntry } from '../../src/export/ledger/ledger-format.ts';
import type { Manifest } from '../../src/publish/status/manifest.ts';
import { readState } from '../dump/read-state.ts';
import { hideInWiki, plantSecrets, secrets } from '../dump/secret-revisions.ts';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { filesBelow } from '../support/published.ts';
import { findProgram, requires } from '../support/requirements.ts';
import { runRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const fullDump = {
  outputs: ['stubs', 'articles', 'multistream', 'current', 'history', 'logs', 'titles'],
  compression: { articles: ['bz2', 'zst'], current: 'zst', history: ['bz2', 'zst', '7z'] },
  ...{ piece: { size: '16MiB' }, bundle: { zst: '32KiB', bz2: '64KiB' }, keep: 9, shrinkGuard: 'off' },
  split: { history: { maxPages: 17 } },
  carryOver: { recheck: 'off' },
};
const words = Object.values(secrets);

describe('redacted revisions', { skip: requires('bzip2', '7z') }, () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  /** The same wiki, dumped after it had hidden the revisions itself. */
  let hidden: SqliteFarm;
  let ids: readonly number[] = [];
  let before_: ReadonlyMap<string, string>;

  before(async () => {
    folder = await temporaryFolder('redact');
    farm = await makeSqliteFarm(folder.path, fullDump, { pages: 50, revisions: 320 });
    ids = plantSecrets(farm);
    for (const date of ['20260101', '20260102']) await dump(farm, date);
    const published = await filesWith(farm, words);
    assert.ok(published.length >= 20, `the words are published: ${published.join(', ')}`);
    before_ = await digests(farm, '20260102');
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  it('are told by a trial that changes nothing', async () => {
    const trial = await farm.rota(
      'dump',
      'redact',
      wikiName,
      '--rev',
      ...ids.map(String),
      '--dry-run',
      '--json',
    );
    assert.equal(trial.status, 0, trial.stderr);
    assert.match(trial.stderr, /the wiki itself still shows it/);
    const lines = trial.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ date, dryRun }) => [date, dryRun]),
      [
        ['20260101', true],
        ['20260102', true],
      ],
    );
    assert.deepEqual(await digests(farm, '20260102'), before_);
  });

  it('stand in no file any more', async () => {
    const redacted = await farm.rota('dump', 'redact', wikiName, '--rev', ids.join(','), '--yes');
    assert.equal(redacted.status, 0, redacted.stderr);
    assert.match(redacted.stdout.toString(), /smallwiki 20260101: 3 revisions hidden, \d+ files rewritten/);
    assert.deepEqual(await filesWith(farm, words), []);
  });

  it('are to the byte what a dump has that was made after the wiki had hidden them', async () => {
    hideInWiki(farm, ids);
    hidden = await farm.withTrees('hidden');
    await dump(hidden, '20260101');
    const names = await contentNames(farm, '20260101');
    assert.deepEqual(names, await contentNames(hidden, '20260101'));
    for (const name of names) {
      const ours = await content(path(farm, '20260101', name));
      assert.ok(ours.equals(await content(path(hidden, '20260101', name))), `${name} is the same`);
    }
    // The private ledger with each revision, which the next day of changes is compared with; it says when it was read.
    const [ours, theirs] = [await readState(farm, '20260101'), await readState(hidden, '20260101')];
    assert.deepEqual({ ...ours.head, takenAt: '' }, { ...theirs.head, takenAt: '' });
    const unprinted = ({ details, ...entry }: LedgerEntry) => ({
      ...entry,
      details: { ...details, print: null },
    });
    assert.deepEqual(ours.entries.map(unprinted), theirs.entries.map(unprinted));
    // Of pages in which something was redacted there is no print: their records said more.
    const printed = ours.entries.filter((entry, at) =>
      theirs.entries[at]?.details?.print?.equals(entry.details?.print ?? Buffer.alloc(0)),
    );
    const others = ours.entries.filter((entry) => !printed.includes(entry));
    assert.ok(others.length > 0 && others.every(({ details }) => details?.print?.equals(Buffer.alloc(16))));
    for (const { details } of others) assert.ok(details?.ids.some((id) => ids.includes(id)));
  });

  it('leave checksums, sizes and counts that are right, and a tombstone', async () => {
    for (const date of ['20260101', '20260102']) {
      const at = dirname(path(farm, date, 'x'));
      const manifest = JSON.parse(await readFile(join(at, 'manifest.json'), 'utf8')) as Manifest;
      const files = Object.values(manifest.sets).flatMap((set) => set.files);
      for (const file of files) {
        const bytes = await readFile(join(at, file.name));
        assert.equal(file.sizeBytes, bytes.length, file.name);
        for (const algorithm of ['md5', 'sha1', 'sha256'] as const) {
          const sum = createHash(algorithm).update(bytes).digest('hex');
          assert.equal(file[algorithm], sum, file.name);
          const list = await readFile(join(at, `${wikiName}-${date}-${algorithm}sums.txt`), 'utf8');
          assert.ok(list.includes(`${sum}  ${file.name}\n`), `${algorithm} of ${file.name}`);
          const latest = join(dirname(at), 'latest', `${wikiName}-latest-${algorithm}sums.txt`);
          if (date === '20260102')
            assert.ok((await readFile(latest, 'utf8')).includes(`${sum}  ${file.name}\n`));
        }
        if (/\.xml(-p\d+p\d+)?\.(bz2|zst|gz|7z)$/.test(file.name)) {
          assert.equal(file.rawBytes, (await content(join(at, file.name))).length, file.name);
        }
      }
      const status = await readFile(join(at, 'dumpstatus.json'), 'utf8');
      const history = files.find((file) => file.output === 'history-zst');
      assert.ok(history !== undefined && status.includes(`"sha1": "${history.sha1}"`));
      const [stone, ...others] = manifest.tombstones;
      assert.deepEqual(others, []);
      assert.equal(stone?.what, 'redacted');
      assert.deepEqual(stone.revisions, ids);
      assert.deepEqual(stone.parts, ['text', 'comment', 'user']);
      assert.ok(stone.files?.includes(`${wikiName}-${date}-stub-meta-history.xml.gz`));
    }
  });

  it('leave dumps that all tools take for whole', async () => {
    const names = (await contentNames(farm, '20260102')).filter(
      (name) => /\.xml/.test(name) && !/index/.test(name),
    );
    const files = names.map((name) => path(farm, '20260102', name));
    const check = await runRota(['xml', 'check', ...files]);
    assert.equal(check.status, 0, `${check.stdout}${check.stderr}`);
    const parts = files.filter((name) => /history.*\.zst$/.test(name));
    assert.ok(parts.length > 1, 'the history is in parts');
    const whole = join(folder.path, 'whole.xml.zst');
    assert.equal((await runRota(['xml', 'merge', ...parts, '-o', whole])).status, 0);
    const ledger = path(farm, '20260102', 'pages-meta-history.ledger.zst');
    const verified = await runRota(['xml', 'verify', whole, '--ledger', ledger]);
    assert.equal(verified.status, 0, `${verified.stdout}${verified.stderr}`);
    const multistream = path(farm, '20260102', 'pages-articles-multistream.xml.bz2');
    const lines = (
      await content(path(farm, '20260102', 'pages-articles-multistream-index.txt.bz2'))
    ).toString();
    for (const line of lines
      .trim()
      .split('\n')
      .filter((_, index) => index % 9 === 8)) {
      const [, id = '', title = ''] = /^\d+:(\d+):(.*)$/.exec(line) ?? [];
      const found = await runRota(['xml', 'find-page', multistream, '--title', title, '--json']);
      assert.equal(found.status, 0, found.stderr);
      assert.equal(JSON.parse(found.stdout.toString()).pageId, Number(id));
    }
  });

  it('do not come back with the next dump, which copies from this one', async () => {
    await dump(farm, '20260103');
    assert.deepEqual(await filesWith(farm, words), []);
    const carried = await farm.carried('20260103');
    assert.equal(carried?.previousDate, '20260102');
    assert.deepEqual(carried.refused, []);
    assert.ok(carried.carried.copiedBundles > 10, 'what held none of them is copied');
    await dump(hidden, '20260103', '--no-carry-over');
    await sameContent(farm, hidden, '20260103');
  });

  it('come back with the next dump, and from the database, where the wiki shows them again', async () => {
    hideInWiki(farm, ids, 0);
    await dump(farm, '20260104');
    await dump(hidden, '20260104', '--no-carry-over');
    await sameContent(farm, hidden, '20260104');
    const shown = await filesWith(farm, words);
    assert.ok(shown.length > 0 && shown.every((name) => name.includes('20260104')), shown.join(', '));
    const carried = await farm.carried('20260104');
    assert.ok((carried?.carried.readTexts ?? 0) >= ids.length, 'their texts were asked of the database');
  });

  it('are nothing to do a second time, nor where no date holds them', async () => {
    const again = await farm.rota('dump', 'redact', wikiName, '--rev', '987654', '--yes');
    assert.equal(again.status, 4, again.stderr);
    assert.match(again.stderr, /no published date or day of smallwiki holds this revision/);
    const one = String(ids[0]);
    const comment = await farm.rota('dump', 'redact', wikiName, '--rev', one, '--comment', '--yes');
    assert.equal(comment.status, 0, comment.stderr);
    assert.match(comment.stdout.toString(), /20260103: hidden already/);
    assert.match(comment.stdout.toString(), /20260104: 1 revision hidden/);
    const history = (await farm.published('20260104', await historyWith(farm, '20260104', one))).split(
      '<revision>',
    );
    const revision = history.find((text) => text.startsWith(`\n      <id>${one}</id>\n`)) ?? '';
    assert.match(revision, /<comment deleted="deleted" \/>/);
    assert.ok(revision.includes(secrets.text) && revision.includes(secrets.user));
    const still = await farm.rota('dump', 'redact', wikiName, '--rev', one, '--comment', '--yes');
    assert.equal(still.status, 4, still.stderr);
    assert.match(still.stderr, /all of it is hidden already/);
  });

  async function sameContent(a: SqliteFarm, b: SqliteFarm, date: string): Promise<void> {
    for (const name of (await contentNames(a, date)).filter((one) => !/index/.test(one))) {
      assert.ok(
        (await content(path(a, date, name))).equals(await content(path(b, date, name))),
        `${name} is the same`,
      );
    }
  }
});

async function dump(farm: SqliteFarm, date: string, ...args: readonly string[]): Promise<void> {
  const dumped = await farm.rota('dump', wikiName, '--date', date, ...args);
  assert.equal(dumped.status, 0, dumped.stderr);
}

function path(farm: SqliteFarm, date: string, name: string): string {
  return join(farm.folder, 'public', wikiName, date, `${wikiName}-${date}-${name}`);
}

/** Files with pages, revisions or digests, by their names after `<wiki>-<date>-`. */
async function contentNames(farm: SqliteFarm, date: string): Promise<readonly string[]> {
  const prefix = `${wikiName}-${date}-`;
  return (await readdir(dirname(path(farm, date, 'x'))))
    .filter((name) => name.startsWith(prefix) && /(\.xml|\.txt|\.ledger)[^/]*\.(bz2|zst|gz|7z)$/.test(name))
    .filter((name) => !name.endsWith('.index.zst') && !name.includes('multistream-index'))
    .map((name) => name.slice(prefix.length))
    .sort();
}

async function historyWith(farm: SqliteFarm, date: string, id: string): Promise<string> {
  for (const name of await contentNames(farm, date)) {
    if (!/history.*\.zst$/.test(name) || name.includes('ledger')) continue;
    if ((await farm.published(date, name)).includes(`<revision>\n      <id>${id}</id>\n`)) return name;
  }
  throw new Error(`no history holds revision ${id}`);
}

async function digests(farm: SqliteFarm, date: string): Promise<ReadonlyMap<string, string>> {
  const files = await filesBelow(dirname(path(farm, date, 'x')));
  return new Map(
    await Promise.all(
      files.map(async (file) => {
        const sum = createHash('sha256')
          .update(await readFile(file))
          .digest('hex');
        return [file, sum] as const;
      }),
    ),
  );
}

/** Names of published files in which one of the words stands once they are decompressed. */
async function filesWith(farm: SqliteFarm, wanted: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of await filesBelow(join(farm.folder, 'public'))) {
    const bytes = await content(file);
    if (wanted.some((word) => bytes.includes(word))) found.push(file);
  }
  return found;
}

/** Decompressed by programs that are not Rota's own code. */
async function content(file: string): Promise<Buffer> {
  const args: Readonly<Record<string, readonly string[]>> = {
    bz2: ['bzip2', '-dc'],
    zst: ['zstd', '-dcq'],
    gz: ['gzip', '-dc'],
    '7z': [findProgram('7zz', '7z', '7za') ?? '7z', 'x', '-so', '-bd'],
  };
  const command = args[file.slice(file.lastIndexOf('.') + 1)];
  if (command === undefined) return await readFile(file);
  const [name = '', ...rest] = command;
  const options = { encoding: 'buffer', stripFinalNewline: false, maxBuffer: 1 << 30 } as const;
  return Buffer.from((await execa(name, [...rest, file], options)).stdout);
}

// The wicked wiki calls "secret" whatever only the privileged may see. None of it, no hash of a hidden text, no address and
// no token stands in any file that everybody may read.
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { testBed } from '../support/bed.ts';
import { sql } from '../support/database.ts';
import { type Farm, writeFarm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import type { TestWiki } from '../support/mediawiki/wiki.ts';
import { contentOf, dumpOf, filesBelow } from '../support/published.ts';
import { requires } from '../support/requirements.ts';
import { runRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

describe('public files', { skip: requires('mariadb', 'mediawiki', 'bzip2', 'zstd') }, () => {
  let wiki: TestWiki;
  let hiddenWiki: TestWiki;
  let folder: TemporaryFolder;
  let farm: Farm;
  const contents = new Map<string, Buffer>();
  before(async () => {
    wiki = await wikiCopy('wicked', 'privacy');
    hiddenWiki = await wikiCopy('empty', 'privacy_of_a_whole_wiki');
    folder = await temporaryFolder();
    farm = await writeFarm(folder.path, [wiki, hiddenWiki]);
    await makePrivate(farm, hiddenWiki);
    await dumpOf(farm, wiki, '20200601');
    await dumpOf(farm, hiddenWiki, '20200601');
    for (const path of await filesBelow(farm.publicFolder)) contents.set(path, await contentOf(path));
    assert.ok(contents.size > 20, `only ${contents.size} public files`);
  });
  after(async () => {
    await folder?.[Symbol.asyncDispose]();
    await hiddenWiki?.[Symbol.asyncDispose]();
    await wiki?.[Symbol.asyncDispose]();
  });

  /** Fails with every place where one of the words stands in a public file or its name. */
  const assertNowhere = (words: readonly string[]): void => {
    const found: string[] = [];
    for (const [path, bytes] of contents) {
      const text = bytes.toString('latin1').toLowerCase();
      for (const word of words) {
        const needle = Buffer.from(word.toLowerCase()).toString('latin1');
        const at = text.indexOf(needle);
        const excerpt = (): string => bytes.subarray(Math.max(0, at - 120), at + 120).toString();
        if (at >= 0) found.push(`${path}: ${word}: ${excerpt()}`);
        if (path.toLowerCase().includes(needle)) found.push(path);
      }
    }
    assert.deepEqual(found, []);
  };

  it('hold no secret word', () => assertNowhere(['secret']));

  it('hold no e-mail address, password or token of a user', async () => {
    const columns = ['user_email', 'user_token', 'user_password', 'user_real_name'];
    const query = columns
      .map((column) => `SELECT ${column} FROM user WHERE LENGTH(${column}) > 8`)
      .join(' UNION ');
    const values = (await sql(testBed().mariadb, wiki.database, query)).flat();
    assert.ok(values.length > 5, 'the wiki has nothing to hide');
    assertNowhere([...values, '@private.example']);
  });

  it('hold no hash of a hidden text', async () => {
    const query = `SELECT DISTINCT rev_sha1 FROM revision WHERE rev_deleted & 1
      UNION SELECT DISTINCT content_sha1 FROM revision JOIN slots ON slot_revision_id = rev_id
        JOIN content ON content_id = slot_content_id WHERE rev_deleted & 1
      EXCEPT SELECT content_sha1 FROM revision JOIN slots ON slot_revision_id = rev_id
        JOIN content ON content_id = slot_content_id WHERE rev_deleted & 1 = 0`;
    const hashes = (await sql(testBed().mariadb, wiki.database, query)).flat();
    assert.ok(hashes.length > 8, `${hashes.length} hidden texts`);
    assertNowhere(hashes);
  });

  it('hold nothing of deleted pages', async () => {
    const query = 'SELECT DISTINCT ar_sha1 FROM archive';
    assertNowhere((await sql(testBed().mariadb, wiki.database, query)).flat());
  });

  it('do not name a private wiki', () => assertNowhere([hiddenWiki.database]));

  it('do not show where the database is or who reads it', () => {
    const { socket, reader } = testBed().mariadb;
    assertNowhere([socket, reader.password]);
  });

  it('are all there is to read for others: the private tree and the work are closed', async () => {
    const { stdout } = await execa('find', [
      farm.folder,
      '-path',
      farm.publicFolder,
      '-prune',
      '-o',
      '-type',
      'f',
      '-perm',
      '/o+r',
      '-print',
    ]);
    const open = stdout.split('\n').filter((path) => !/rota\.(yaml|db)$|siteinfo\.json$|^$/.test(path));
    const reachable = await Promise.all(
      open.map(async (path) => ((await isReachable(path, farm.folder)) ? path : '')),
    );
    assert.deepEqual(
      reachable.filter((path) => path !== ''),
      [],
    );
  });

  it('nor does rota export show it, in any mode', async () => {
    for (const args of [['--full'], ['--current'], ['--full', '--stub', '--uploads'], ['--logs']]) {
      const { stdout, stderr } = await runRota(['export', wiki.database, ...args, '-o', '-'], {
        cwd: farm.folder,
      });
      assert.ok(stdout.length > 10_000, `${args.join(' ')}: ${stderr}`);
      assert.doesNotMatch(stdout.toString().toLowerCase(), /secret/, args.join(' '));
    }
  });
});

async function makePrivate(farm: Farm, wiki: TestWiki): Promise<void> {
  const file = `${farm.folder}/rota.yaml`;
  const config = (await readFile(file, 'utf8')).replace(
    `  ${wiki.database}:\n`,
    `  ${wiki.database}:\n    private: true\n`,
  );
  await writeFile(file, config);
}

/** Whether somebody else can come to the file: every folder on the way below `top` lets them through. */
async function isReachable(path: string, top: string): Promise<boolean> {
  for (let folder = dirname(path); folder.length > top.length; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
  }
  return true;
}

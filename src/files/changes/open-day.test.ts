import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { type DayManifest, parseDayManifest } from '../../export/changes/day-manifest.ts';
import { filesOf, openDay, refuseAsOutput } from './open-day.ts';

const ending = 'pages-meta-hist-incr.xml.bz2';
const manifest: DayManifest = parseDayManifest(
  {
    ...{ version: 1, wiki: 'awiki', date: '20010101', status: 'done', schema: '0.11', exact: true },
    mark: { revisionId: 9, takenAt: '2001-01-01T23:59:59Z', estimated: false },
    ...{ previousMark: 3, snapshotAt: '2001-01-02T12:00:00Z', bases: [], ledger: null, failed: [] },
    ...{ increment: { pages: 1, revisions: 1 }, restored: { pages: 0, revisions: 0 } },
    files: [{ name: `awiki-20010101-${ending}`, sizeBytes: 1, md5: '', sha1: '', sha256: '' }],
  },
  'changes.json',
);

describe('the files of a day', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rota-day-'));
    await writeFile(at('changes.json'), JSON.stringify(manifest));
    await writeFile(at(`awiki-20010101-${ending}`), 'x');
    await symlink(`awiki-20010101-${ending}`, at('link'));
  });
  after(() => rm(folder, { recursive: true }));

  it('are no output of what is made of them, by whatever name', async () => {
    const day = await openDay('20010101', folder);
    for (const name of ['changes.json', `awiki-20010101-${ending}`, 'link']) {
      assert.throws(
        () => refuseAsOutput(at(name), filesOf(day)),
        (error) => isRotaError(error, 'USAGE'),
        name,
      );
    }
    refuseAsOutput(at('another'), filesOf(day));
    refuseAsOutput(at('missing/another'), [...filesOf(day), at('missing/another')]);
  });
});

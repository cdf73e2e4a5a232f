import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { FailureList } from './failure-list.ts';

describe('the list of failed revisions', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const one = {
    kind: 'failed',
    role: 'main',
    code: 'text-missing',
    detail: '',
    page: 1,
    revision: 2,
  } as const;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rota-failures-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('takes the place of an older list, also where nothing failed', () => {
    const list = new FailureList(at('list'));
    list.add(one);
    list.close();
    assert.deepEqual(JSON.parse(readFileSync(at('list'), 'utf8')), one);
    new FailureList(at('list')).close();
    assert.ok(!existsSync(at('list')));
  });

  it('removes nothing else', () => {
    writeFileSync(at('rota.yaml'), 'wikis: {}\n');
    mkdirSync(at('folder'));
    for (const name of ['rota.yaml', 'folder']) {
      assert.throws(
        () => new FailureList(at(name)),
        (error) => isRotaError(error, 'USAGE'),
        name,
      );
    }
    assert.equal(readFileSync(at('rota.yaml'), 'utf8'), 'wikis: {}\n');
  });

  it('leaves a device where it is', () => {
    symlinkSync('/dev/null', at('null'));
    const list = new FailureList(at('null'));
    list.add(one);
    list.close();
    assert.ok(lstatSync(at('null')).isSymbolicLink());
  });

  it('is refused before anything is exported where its folder is missing', () => {
    assert.throws(
      () => new FailureList(at('missing/list')),
      (error) => isRotaError(error, 'OUTPUT_UNWRITABLE'),
    );
  });
});

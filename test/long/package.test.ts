// The package as npm installs it: JavaScript only, pinned, with licences, the same bytes each time, and it works.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { filesBelow } from '../support/published.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const project = resolve(import.meta.dirname, '../..');

describe('the package', () => {
  let folder: TemporaryFolder;
  let installed: string;

  before(async () => {
    folder = await temporaryFolder('package');
    await execa(process.execPath, ['scripts/make-package.mjs'], { cwd: project });
    const { version } = JSON.parse(await readFile(resolve(project, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    await execa('tar', ['xzf', resolve(project, 'build', `rota-${version}.tgz`), '-C', folder.path]);
    installed = folder.in('package');
  });
  after(() => folder[Symbol.asyncDispose]());

  const json = async (name: string) => JSON.parse(await readFile(resolve(installed, name), 'utf8'));

  it('holds what runs, and nothing of development', async () => {
    const files = await filesBelow(installed);
    const wrong = files.filter((file) => /\.ts$|\.test\.|tsconfig|\/test\/|node_modules/.test(file));
    assert.deepEqual(wrong, []);
    const manifest = await json('package.json');
    assert.equal(manifest.devDependencies, undefined);
    assert.equal(manifest.engines.node, '>=24');
    assert.deepEqual(manifest.man, ['./docs/man/rota.1']);
    assert.match(await readFile(resolve(installed, manifest.man[0]), 'utf8'), /^\.TH ROTA 1/m);
    const pinned = await json('npm-shrinkwrap.json');
    for (const [path, one] of Object.entries<{ dev?: boolean; integrity?: string; resolved?: string }>(
      pinned.packages,
    )) {
      if (path === '') continue;
      assert.ok(one.dev !== true && typeof one.integrity === 'string', path);
      assert.equal(one.resolved, undefined, `${path} names a registry`);
    }
  });

  it('names the licence of everything that is in it or installed with it', async () => {
    const text = await readFile(resolve(installed, 'THIRD-PARTY.md'), 'utf8');
    const { dependencies } = JSON.parse(await readFile(resolve(project, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies))
      assert.match(text, new RegExp(`^\\| ${name} \\| [\\d.r-]+ \\| \\S`, 'm'));
    assert.doesNotMatch(text, /\| see its files \|/);
  });

  it('runs: makes a wiki, and exports it by threads', async () => {
    // Nothing but what is installed with it.
    const { packages } = await json('npm-shrinkwrap.json');
    const there = Object.keys(packages).filter((path) => path !== '' && existsSync(resolve(project, path)));
    assert.deepEqual(Object.keys((await json('package.json')).dependencies), ['@duckdb/node-api']);
    for (const path of there) {
      await mkdir(resolve(installed, path, '..'), { recursive: true });
      await symlink(resolve(project, path), resolve(installed, path));
    }
    const rota = (...args: readonly string[]) =>
      execa(process.execPath, [resolve(installed, 'bin/rota.mjs'), ...args], { cwd: folder.path });
    const size = ['--pages', '40', '--revisions', '60', '--mean-bytes', '300'];
    await rota('demo', 'wiki', 'small.sqlite', '--name', 'smallwiki', '--siteinfo', 'siteinfo.json', ...size);
    await execa('tee', [folder.in('rota.yaml')], {
      input:
        'output: { public: ./public, private: ./private }\nwikis: { smallwiki: { database: "sqlite:./small.sqlite", siteinfo: ./siteinfo.json } }\n',
    });
    const { stdout } = await rota('export', 'smallwiki', '--full');
    assert.match(stdout, /<\/mediawiki>$/);
    assert.equal((stdout.match(/<revision>/g) ?? []).length, 60);
    const checked = await rota('config', 'check');
    assert.equal(checked.exitCode, 0);
    const dumped = await rota('dump', 'smallwiki', '--date', '20260101');
    assert.match(dumped.stdout, /smallwiki\/20260101 done/);
    await rota('demo', 'tracker', 'tracker.json', '--tasks', '50');
  });

  it('is the same, byte for byte, when it is made again', async () => {
    const packed = async () =>
      createHash('sha256')
        .update(await readFile(resolve(project, 'build', 'rota-0.1.0.tgz')))
        .digest('hex');
    const before = await packed();
    await execa(process.execPath, ['scripts/make-package.mjs'], { cwd: project });
    assert.equal(await packed(), before);
  });
});

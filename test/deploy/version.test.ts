import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { buildVersion } from '../../src/jobs/deploy/version/build-version.ts';
import { makePack } from '../../src/jobs/deploy/version/make-pack.ts';
import { VersionRepository } from '../../src/jobs/deploy/version/version-repository.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const now = new Date('2026-11-22T10:00:00Z');

async function makeTree(
  folder: string,
  build: {
    readonly ignore?: readonly string[];
    readonly allow?: readonly string[];
    readonly requireClean?: boolean;
  } = {},
) {
  const source = join(folder, 'code');
  await mkdir(source, { recursive: true });
  const repository = await VersionRepository.open(join(folder, 'versions.git'));
  const environment = { source, build: { ...build, ignore: build.ignore ?? [], allow: build.allow ?? [] } };
  return { source, repository, build: () => buildVersion(repository, environment, { now }) };
}

const unfit = (pattern: RegExp) => (error: unknown) =>
  isRotaError(error, 'SOURCE_UNFIT') && pattern.test(error.message);

suite('building versions', { skip: requires('git') }, () => {
  test('every byte is kept, whatever attributes and nested repositories say', async () => {
    await using folder = await temporaryFolder('version');
    const { source, repository, build } = await makeTree(folder.path);
    await mkdir(join(source, 'extension'));
    execFileSync('git', ['init', '-q', join(source, 'extension')]);
    await writeFile(join(source, '.gitattributes'), '* text=auto eol=lf\n*.id ident\n');
    await writeFile(join(source, '.gitignore'), '*.log\n');
    await writeFile(join(source, 'crlf.txt'), 'a\r\nb\r\n');
    await writeFile(join(source, 'x.id'), '$Id$\n');
    await writeFile(join(source, 'debug.log'), 'kept');
    await writeFile(join(source, 'extension/e.php'), 'e');
    await writeFile(Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0x66, 0xff, 0x0a])]), 'odd name');
    const version = await build();
    assert.equal(version.name, '20261122-0001');
    const show = async (path: string) =>
      (await repository.git(['show', `${version.commit}:${path}`])).toString();
    assert.equal(await show('crlf.txt'), 'a\r\nb\r\n');
    assert.equal(await show('x.id'), '$Id$\n');
    assert.equal(await show('debug.log'), 'kept');
    assert.equal(await show('extension/e.php'), 'e');
    const names = (await repository.git(['ls-tree', '-r', '-z', '--name-only', version.commit]))
      .toString('latin1')
      .split('\0');
    assert.ok(names.includes('f\xff\n'));
    assert.ok(names.every((name) => !name.includes('.git/')));
  });

  test('an equal tree is the version that it was; what differs is found, though size and time are the same', async () => {
    await using folder = await temporaryFolder('version');
    const { source, build } = await makeTree(folder.path);
    const file = join(source, 'a');
    await writeFile(file, 'one');
    await utimes(file, now, now);
    const first = await build();
    assert.deepEqual(await build(), { ...first, reused: true });
    await writeFile(file, 'two');
    await utimes(file, now, now);
    const second = await build();
    assert.equal(second.name, '20261122-0002');
    assert.notEqual(second.tree, first.tree);
    await writeFile(file, 'one');
    const back = await build();
    assert.deepEqual([back.name, back.reused], ['20261122-0001', true]);
  });

  test('a pack of one changed file holds little more than that file, and unpacks where the base is', async () => {
    await using folder = await temporaryFolder('version');
    const { source, repository, build } = await makeTree(folder.path);
    for (let i = 0; i < 300; i++) await writeFile(join(source, `file-${i}`), `${i}`.repeat(2_000));
    const first = await build();
    await writeFile(join(source, 'file-7'), `${'7'.repeat(2_000)} changed`);
    const second = await build();
    const pack = await makePack(repository, second.commit, first.commit);
    const full = await makePack(repository, first.commit, null);
    assert.ok(pack.bytes < 2_000, `${pack.bytes} bytes`);
    const target = await VersionRepository.open(folder.in('target.git'));
    const whole = await readFile(full.file);
    const name = join(target.path, 'objects/pack/pack-1');
    await writeFile(`${name}.pack`, whole.subarray(0, -full.indexBytes));
    await writeFile(`${name}.idx`, whole.subarray(-full.indexBytes));
    await target.git(['index-pack', '--stdin', '--fix-thin'], { input: await readFile(pack.file) });
    assert.deepEqual(await makePack(repository, first.commit, null), full);
    await target.git(['fsck', '--full', '--strict', second.commit]);
    const shown = await target.git(['show', `${second.commit}:file-7`]);
    assert.equal(shown.toString(), `${'7'.repeat(2_000)} changed`);
  });

  test('where a clean tree is asked for, a repository with changes that are not committed is refused by name', async () => {
    await using folder = await temporaryFolder('version');
    const { source, build } = await makeTree(folder.path, { requireClean: true });
    const wiki = join(source, 'wiki');
    await mkdir(wiki);
    await writeFile(join(wiki, 'index.php'), 'one');
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-C', wiki, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args]);
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    await build();
    await writeFile(join(wiki, 'index.php'), 'two');
    await assert.rejects(build(), {
      code: 'SOURCE_UNFIT',
      message: /wiki has changes that are not committed/,
    });
  });

  test('what is ignored is no part of it, even when it was one before', async () => {
    await using folder = await temporaryFolder('version');
    const { source, repository, build } = await makeTree(folder.path, { ignore: ['/cache/*.cdb'] });
    await mkdir(join(source, 'cache'));
    await writeFile(join(source, 'cache/en.cdb'), 'x');
    await writeFile(join(source, 'cache/en.json'), '{}');
    const { commit } = await build();
    const names = (await repository.git(['ls-tree', '-r', '--name-only', commit])).toString();
    assert.equal(names, 'cache/en.json\n');
  });

  test('links that leave the tree, special files, secrets, pointers and unfetched submodules are refused by name', async () => {
    await using folder = await temporaryFolder('version');
    const { source, build } = await makeTree(folder.path);
    await writeFile(join(source, 'ok'), 'ok');
    const refuse = async (path: string, make: () => Promise<unknown>, pattern: RegExp) => {
      await make();
      await assert.rejects(build(), unfit(pattern), path);
      await rm(join(source, path), { recursive: true });
    };
    await refuse(
      'out',
      () => symlink('../secret', join(source, 'out')),
      /symbolic link out in .* leads out of the tree/,
    );
    await refuse('abs', () => symlink('/etc/passwd', join(source, 'abs')), /symbolic link abs in/);
    await refuse(
      'pipe',
      async () => execFileSync('mkfifo', [join(source, 'pipe')]),
      /pipe in .* is neither file, folder nor/,
    );
    await refuse(
      'server.key',
      () => writeFile(join(source, 'server.key'), 'x'),
      /server\.key in .* looks like a secret/,
    );
    await refuse(
      'own',
      async () => {
        await writeFile(join(source, 'own'), 'x');
        await chmod(join(source, 'own'), 0o600);
      },
      /own in .* may be read by its owner only/,
    );
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n';
    await refuse(
      'big.png',
      () => writeFile(join(source, 'big.png'), pointer),
      /big\.png in .* pointer of Git LFS/,
    );
    await refuse(
      '.gitmodules',
      () => writeFile(join(source, '.gitmodules'), '[submodule "x"]\n\tpath = vendor\n\turl = x\n'),
      /submodule vendor in/,
    );
    assert.equal((await build()).files, 1);
  });
});

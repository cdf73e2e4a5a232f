// What stands in examples/ must work: configurations without faults, commands and options that exist.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { copyFile, cp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import { findProgram, OPTIONAL_MARK, requires } from './support/requirements.ts';
import { runRota } from './support/rota.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const examples = join(import.meta.dirname, '../examples');
const systemdAnalyze = findProgram('systemd-analyze');
const read = (file: string) => readFileSync(join(examples, file), 'utf8');

interface Manifest {
  readonly kind: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: {
      readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] };
    };
  };
}

describe('examples', () => {
  it('of configurations have no fault', async () => {
    await using folder = await temporaryFolder();
    await copyFile(join(examples, 'etcd/rota.yaml'), folder.in('etcd.yaml'));
    const manifests = parseAllDocuments(read('kubernetes/rota.yaml')).map(
      (document): Manifest => document.toJS(),
    );
    const inManifest = manifests.find(({ kind }) => kind === 'ConfigMap')?.data?.['rota.yaml'];
    assert.ok(inManifest);
    await writeFile(folder.in('kubernetes.yaml'), inManifest);
    for (const file of ['etcd.yaml', 'kubernetes.yaml']) {
      const checked = await runRota(['--config', file, 'config', 'check'], {
        cwd: folder.path,
        env: { FRWIKI_PASSWORD: 'x' },
      });
      assert.equal(checked.status, 0, `${file}\n${checked.stdout}${checked.stderr}`);
    }
  });

  it('of units are what systemd understands', {
    skip: systemdAnalyze === undefined && `${OPTIONAL_MARK}needs systemd-analyze`,
  }, async () => {
    await using folder = await temporaryFolder();
    const files = globSync('systemd/*.service', { cwd: examples });
    for (const file of files) {
      // The program need not be installed where the tests run.
      const unit = read(file).replace('/usr/bin/rota', process.execPath);
      await writeFile(folder.in(basename(file)), unit);
    }
    const units = files.map((file) => folder.in(basename(file)));
    const { exitCode, stderr } = await execa(systemdAnalyze ?? '', ['verify', '--man=no', ...units], {
      reject: false,
    });
    assert.deepEqual([exitCode, stderr], [0, '']);
  });

  it('of own stages replace what they say they do', { skip: requires('git') }, async () => {
    await using folder = await temporaryFolder();
    await cp(join(examples, 'own-stage'), folder.path, { recursive: true });
    const push = () => runRota(['push'], { cwd: folder.path });
    await writeFile(folder.in('FREEZE'), '');
    const frozen = await push();
    assert.equal(frozen.status, 1);
    assert.match(frozen.stderr, /CHECK_FAILED: .*deployments are frozen/);
    await rm(folder.in('FREEZE'));
    const pushed = await push();
    assert.equal(pushed.status, 0, pushed.stderr);
    for (const host of ['one', 'two']) {
      const site = folder.in('targets', host, 'srv', 'site');
      assert.match(readFileSync(join(site, 'index.php'), 'utf8'), /hello/);
      assert.match(readFileSync(`${site}.served`, 'utf8'), /^\d{8}-\d{4}\n$/);
    }
  });

  it('name commands and options that exist', async () => {
    const units = globSync('systemd/*.service', { cwd: examples }).map(
      (file) => /^ExecStart=\S+ (.+)$/m.exec(read(file))?.[1],
    );
    const cron = [...read('cron/rota.cron').matchAll(/\/usr\/bin\/rota (.+)$/gm)].map((match) => match[1]);
    const pods = parseAllDocuments(read('kubernetes/rota.yaml'))
      .map((document): Manifest => document.toJS())
      .flatMap(
        ({ spec }) => spec?.template?.spec.containers.map(({ command }) => command.slice(1).join(' ')) ?? [],
      );
    const lines = new Set([...units, ...cron, ...pods]);
    assert.equal(units.length, 4);
    assert.equal(pods.length, 2);
    for (const line of lines) {
      assert.ok(line);
      const args = line.split(' ');
      const shown = await runRota([...args, '--help'], { cwd: examples });
      assert.equal(shown.status, 0, `${line}\n${shown.stderr}`);
      for (const option of args.filter((arg) => arg.startsWith('--')))
        assert.match(shown.stdout.toString(), new RegExp(option), line);
    }
  });
});

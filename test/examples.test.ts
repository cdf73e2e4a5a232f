// What stands in examples/ must work: configurations without faults, commands and options that exist.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { copyFile, cp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import { kubernetesFaults } from './support/kubernetes-schema.ts';
import { findProgram, OPTIONAL_MARK, requires } from './support/requirements.ts';
import { runRota } from './support/rota.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const examples = join(import.meta.dirname, '../examples');
const systemdAnalyze = findProgram('systemd-analyze');
const read = (file: string) => readFileSync(join(examples, file), 'utf8');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly volumeMounts: readonly { readonly name: string }[];
        }[];
        readonly volumes: readonly {
          readonly name: string;
          readonly configMap?: { readonly name: string };
          readonly persistentVolumeClaim?: { readonly claimName: string };
        }[];
      };
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

  it('of Kubernetes are what its API takes', { skip: requires('kubernetes') }, async () => {
    const manifests = parseAllDocuments(read('kubernetes/rota.yaml')).map((document) => document.toJS());
    assert.deepEqual(await kubernetesFaults(manifests), []);
    // The same with what people get wrong, so that it is not the check that is blind.
    const broken = structuredClone(manifests).filter(({ kind }) => kind === 'Deployment');
    const [worker, monitor] = broken;
    worker.spec.replicas = '3';
    worker.spec.template.spec.terminationGracePeriod = 90;
    worker.spec.template.spec.containers[0].command = 'rota worker';
    delete monitor.spec.selector;
    monitor.spec.template.spec.containers[0].envFrom[0].secretRef = ['rota-passwords'];
    delete monitor.spec.template.spec.containers[0].volumeMounts[0].mountPath;
    const pod = 'apps/v1 Deployment.spec.template.spec';
    assert.deepEqual(await kubernetesFaults([...broken, { apiVersion: 'apps/v2', kind: 'Deployment' }]), [
      'apps/v1 Deployment.spec.replicas: is "3", no int',
      `${pod}.containers[0].command: is no list`,
      `${pod}.terminationGracePeriod: is not known`,
      `${pod}.containers[0].envFrom[0].secretRef: is no mapping`,
      `${pod}.containers[0].volumeMounts[0]: Invalid value for \`mount_path\`, must not be \`None\``,
      'apps/v1 Deployment.spec: Invalid value for `selector`, must not be `None`',
      'apps/v2 Deployment: is no kind that is known',
    ]);
  });

  it('of Kubernetes name only what they have: labels, volumes, claims', () => {
    const manifests = parseAllDocuments(read('kubernetes/rota.yaml')).map(
      (document): Manifest => document.toJS(),
    );
    const named = (wanted: string) =>
      manifests.filter(({ kind }) => kind === wanted).map(({ metadata }) => metadata.name);
    const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
    assert.equal(deployments.length, 2);
    for (const { metadata, spec } of deployments) {
      const { name } = metadata;
      assert.deepEqual(spec?.selector?.matchLabels, spec?.template?.metadata.labels, `${name}: its pods`);
      const pod = spec?.template?.spec;
      assert.ok(pod);
      const volumes = pod.volumes.map((volume) => volume.name).sort();
      for (const { volumeMounts } of pod.containers) {
        assert.deepEqual(volumeMounts.map((mount) => mount.name).sort(), volumes, `${name}: its volumes`);
      }
      for (const { configMap, persistentVolumeClaim } of pod.volumes) {
        if (configMap !== undefined) assert.ok(named('ConfigMap').includes(configMap.name));
        if (persistentVolumeClaim !== undefined)
          assert.ok(named('PersistentVolumeClaim').includes(persistentVolumeClaim.claimName));
      }
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

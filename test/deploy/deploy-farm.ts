import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { type RotaResult, runRota, startRota } from '../support/rota.ts';
import type { SshHosts } from '../support/ssh-hosts.ts';

/** A farm with one environment, `prod`, on hosts of its own. */
export interface DeployFarm {
  readonly folder: string;
  rota(...args: readonly string[]): Promise<RotaResult>;
  /** Starts a command; the caller waits for it or kills it. */
  start(...args: readonly string[]): ReturnType<typeof startRota>;
  /** The same with variables of the environment. */
  startWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): ReturnType<typeof startRota>;
  /** Writes a file of the staging tree. */
  write(path: string, text: string | Uint8Array): Promise<void>;
  /** What a host serves at a path, or null. */
  served(host: string, path: string): Promise<string | null>;
  /** What the hosts serve at a path: one text if all serve the same. */
  servedByAll(path: string): Promise<readonly (string | null)[]>;
  configure(environment: Readonly<Record<string, unknown>>): Promise<void>;
}

/** No session ends by itself, however busy the machine and its disk are; what the dead held is freed by the test. */
const longLease = { duration: '120s', renewEvery: '1s' };

/** What every test farm has: slots are used again at once, whatever processes the machine shows. */
const quickSlots = { minAge: '0s', unseenProcesses: 'ignore', spare: false };

export async function makeDeployFarm(
  folder: string,
  hosts: Pick<SshHosts, 'settings' | 'env' | 'names' | 'folderOf'>,
  environment: Readonly<Record<string, unknown>> = {},
  lease: Readonly<Record<'duration' | 'renewEvery', string>> = longLease,
): Promise<DeployFarm> {
  await mkdir(join(folder, 'code'), { recursive: true });
  const configure = async (more: Readonly<Record<string, unknown>>) => {
    const farm = {
      output: { public: './public', private: './private' },
      lease,
      wikis: {},
      environments: {
        prod: { source: './code', slots: quickSlots, deadline: '60s', ...hosts.settings, ...more },
      },
    };
    await writeFile(join(folder, 'rota.yaml'), stringify(farm));
  };
  await configure(environment);
  const served = (host: string, path: string) =>
    readFile(join(hosts.folderOf(host), path), 'utf8').catch(() => null);
  return {
    folder,
    rota: (...args) => runRota(args, { cwd: folder, env: hosts.env }),
    start: (...args) => startRota(args, { cwd: folder, env: hosts.env }),
    startWith: (env, ...args) => startRota(args, { cwd: folder, env: { ...hosts.env, ...env } }),
    write: async (path, text) => {
      const file = join(folder, 'code', path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    },
    served,
    servedByAll: (path) => Promise.all(hosts.names.map((host) => served(host, path))),
    configure,
  };
}

/** Hosts that are folders of this machine, for what needs no network. */
export function localHosts(folder: string, count: number) {
  const names = Array.from({ length: count }, (_, i) => `h${i + 1}`);
  return {
    names,
    settings: { path: '/srv/wiki', hosts: names.map((name) => `local:${join(folder, 'targets', name)}`) },
    env: {},
    folderOf: (host: string) => join(folder, 'targets', host, 'srv', 'wiki'),
  };
}

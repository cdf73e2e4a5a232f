import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../config/environment-config.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { JobTools, OpenServices } from '../definition/job-definition.ts';
import { Fleet } from './fleet/fleet.ts';
import { Notifier } from './notify/notifier.ts';
import { forModules } from './recipe/for-modules.ts';
import type { DeployServices } from './services.ts';
import { localTransport } from './transport/local-transport.ts';
import { sshTransport } from './transport/ssh-transport.ts';

export async function openServices({
  farm,
  clock,
  env,
}: Pick<JobTools, 'farm' | 'clock' | 'env'>): Promise<OpenServices<DeployServices>> {
  const fleets = new Map<string, Fleet>();
  const notifiers = new Map<string, Notifier>();
  return {
    services: {
      clock,
      seen: new Map(),
      looks: { begun: new Map(), past: new Map() },
      forModules: forModules(),
      notifier: (environment) => {
        const notifier = notifiers.get(environment.name) ?? new Notifier(environment.notify, clock);
        notifiers.set(environment.name, notifier);
        return notifier;
      },
      knownEnvironment: (name) => farm.environments.get(name),
      environment: (name) => {
        const found = farm.environments.get(name);
        if (found !== undefined) return found;
        throw new RotaError('ENVIRONMENT_UNKNOWN', `${farm.file} has no environment ${JSON.stringify(name)}`);
      },
      fleet: (environment) => {
        const fleet =
          fleets.get(environment.name) ??
          openFleet(environment, { clock, env, leaseMs: farm.lease.durationMs });
        fleets.set(environment.name, fleet);
        return fleet;
      },
    },
    async [Symbol.asyncDispose]() {
      const owned = [...fleets.values(), ...notifiers.values()];
      await Promise.all(owned.map((one) => one[Symbol.asyncDispose]()));
    },
  };
}

export function openFleet(
  environment: EnvironmentConfig,
  { clock, env, leaseMs }: Pick<JobTools, 'clock' | 'env'> & { readonly leaseMs: number },
): Fleet {
  const local = localTransport();
  const needsSsh = environment.hosts.some((host) => host.address.kind === 'ssh');
  const ssh = needsSsh ? sshTransport({ settings: environment.ssh, socketFolder: socketFolder(env) }) : null;
  return new Fleet({
    transportOf: (host) => (host.address.kind === 'local' || ssh === null ? local : ssh),
    clock,
    connectTimeoutMs: environment.ssh.connectTimeoutMs,
    leaseMs,
  });
}

/** A socket's path may have 108 bytes, of which ssh needs these for its own: a slash, a hash, a suffix while it binds. */
const socketNameBytes = 1 + 40 + 17 + 1;

/** Ours alone, because who can open a socket there is us; null where every place has too long a path to be shared. */
export function socketFolder(env: Readonly<NodeJS.ProcessEnv>): string | null {
  const { uid } = userInfo();
  const places = [
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'rota-ssh')] : []),
    join(tmpdir(), `rota-ssh-${uid}`),
    `/tmp/rota-ssh-${uid}`,
  ];
  const folder = places.find((place) => Buffer.byteLength(place) + socketNameBytes <= 108);
  if (folder === undefined) return null;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0) return folder;
  throw new RotaError('FILE_UNREADABLE', `${folder} is not a folder of ours alone (mode 0700): remove it`);
}

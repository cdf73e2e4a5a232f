import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { RunningEtcd } from '../../support/etcd.ts';
import { openNamespace, requiresNamespaces } from '../../support/network-namespace.ts';
import { startRelay } from '../../support/relay.ts';

/** A host with a network of its own, whose cable can be pulled. */
export interface FarHost extends AsyncDisposable {
  /** Put before a command. */
  readonly command: readonly [string, ...string[]];
  /** The farm as seen from there. */
  readonly config: string;
  setLink(state: 'up' | 'down'): Promise<void>;
}

/** Undefined where no namespaces can be made. */
export async function openFarHost(folder: string, etcd: RunningEtcd): Promise<FarHost | undefined> {
  if ((await requiresNamespaces()) !== false) return undefined;
  const namespace = await openNamespace();
  const relays = await Promise.all(
    etcd.members.map((member) => startRelay(member.port, namespace.hostAddress)),
  );
  const farm = parse(await readFile(join(folder, 'rota.yaml'), 'utf8'));
  const endpoints = relays.map((relay) => `http://${namespace.hostAddress}:${relay.port}`);
  await writeFile(join(folder, 'far.yaml'), stringify({ ...farm, store: { etcd: endpoints } }));
  return {
    command: namespace.command,
    config: 'far.yaml',
    setLink: namespace.setLink,
    async [Symbol.asyncDispose]() {
      for (const relay of relays) await relay[Symbol.asyncDispose]();
      await namespace[Symbol.asyncDispose]();
    },
  };
}

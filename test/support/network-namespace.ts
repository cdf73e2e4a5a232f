import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { findProgram, OPTIONAL_MARK, requiresRoot } from './requirements.ts';

export interface NetworkNamespace extends AsyncDisposable {
  /** This machine's address as the namespace sees it. */
  readonly hostAddress: string;
  /** Runs a command inside: put before its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Pulls the cable, or puts it back. */
  setLink(state: 'up' | 'down'): Promise<void>;
}

/** `false` when namespaces can be made here, else why not. */
export async function requiresNamespaces(): Promise<string | false> {
  const root = requiresRoot();
  if (root !== false) return root;
  if (findProgram('ip') === undefined) return `${OPTIONAL_MARK}needs ip (iproute2)`;
  try {
    await using _namespace = await openNamespace();
    return false;
  } catch {
    return `${OPTIONAL_MARK}network namespaces cannot be made here`;
  }
}

/** A network of its own with one cable to this machine. */
export async function openNamespace(): Promise<NetworkNamespace> {
  const name = `rota-${process.pid}`;
  const ip = (...args: readonly string[]) => execa(findProgram('ip') ?? 'ip', args);
  const [host, inside] = addressesOf(process.pid);
  const [cable, end] = [`rh${process.pid}`.slice(0, 15), `rn${process.pid}`.slice(0, 15)];
  const close = async () => {
    await ip('netns', 'del', name).catch(() => {});
    await ip('link', 'del', cable).catch(() => {});
  };
  await removeAbandoned(name);
  try {
    await ip('netns', 'add', name);
    await ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', end);
    await ip('link', 'set', end, 'netns', name);
    await ip('addr', 'add', `${host}/30`, 'dev', cable);
    await ip('link', 'set', cable, 'up');
    await ip('netns', 'exec', name, 'ip', 'addr', 'add', `${inside}/30`, 'dev', end);
    await ip('netns', 'exec', name, 'ip', 'link', 'set', end, 'up');
    await ip('netns', 'exec', name, 'ip', 'link', 'set', 'lo', 'up');
  } catch (error) {
    await close();
    throw error;
  }
  return {
    hostAddress: host,
    command: [findProgram('ip') ?? 'ip', 'netns', 'exec', name],
    setLink: async (state) => void (await ip('link', 'set', cable, state)),
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Two addresses of a network of four, from those for tests of networks (198.18.0.0/15, RFC 2544). Not from those for documentation: machines
 * of tests themselves are found to live there.
 */
function addressesOf(pid: number): readonly [string, string] {
  const first = 4 * (pid % 32_768);
  const address = (n: number) => `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
  return [address(first + 1), address(first + 2)];
}

/** What tests left that were killed: their addresses would be somebody else's. */
async function removeAbandoned(ours: string): Promise<void> {
  const ip = findProgram('ip') ?? 'ip';
  const { stdout } = await execa(ip, ['netns', 'list']);
  for (const [name, pid] of stdout.matchAll(/^rota-(\d+)/gm)) {
    if (name !== ours && existsSync(`/proc/${pid}`)) continue;
    await execa(ip, ['netns', 'del', name]).catch(() => {});
  }
}

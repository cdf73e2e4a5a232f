import { readFileSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';

/** File systems that several machines can mount at once (statfs(2), linux/magic.h). */
const networkFileSystems = new Map<number, string>([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
]);

/** What is asked of the machine; tests answer for it. */
export interface Place {
  /** The type number of the file system that holds a folder. */
  fileSystemType(folder: string): number;
  /** Names the machine for good; undefined where it has no name (some containers). */
  readonly machineId: string | undefined;
  /** Names this boot of the machine. */
  readonly bootId: string;
  /**
   * How far this process's monotonic clock is ahead of the machine's: a container may have one of its own, and the same boot. Left
   * out: not at all.
   */
  readonly monotonicAheadMs?: number;
}

export const thisPlace: () => Place = () => ({
  fileSystemType: (folder) => statfsSync(folder).type,
  machineId: readLine('/etc/machine-id') ?? readLine('/var/lib/dbus/machine-id'),
  bootId: readLine('/proc/sys/kernel/random/boot_id') ?? 'no-boot-id',
  monotonicAheadMs: monotonicOffsetMs(readLine('/proc/self/timens_offsets') ?? ''),
});

/** Of what the kernel says of a time namespace (time_namespaces(7)): a line each for two clocks, with seconds and nanoseconds. */
export function monotonicOffsetMs(offsets: string): number {
  const [, seconds, nanoseconds] = /^monotonic\s+(-?\d+)\s+(\d+)\s*$/m.exec(offsets) ?? [];
  return Number(seconds ?? 0) * 1000 + Math.round(Number(nanoseconds ?? 0) / 1e6);
}

export function refuseNetworkFileSystem(file: string, place: Place): void {
  let type: number;
  try {
    type = place.fileSystemType(dirname(file));
  } catch (error) {
    throw new RotaError(
      'STORE_UNREADABLE',
      `The folder of the run store ${file} cannot be read: make it first`,
      {
        cause: error,
      },
    );
  }
  const name = networkFileSystems.get(type >>> 0);
  if (name !== undefined) {
    throw new RotaError(
      'STORE_ON_NETWORK',
      `The run store ${file} lies on ${name}, where its locks cannot be trusted: put it on a local disk, or use an etcd store for many machines`,
      { facts: { file, fileSystem: name } },
    );
  }
}

function readLine(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

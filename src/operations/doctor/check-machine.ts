import type { FarmConfig } from '../../config/farm-config.ts';
import { diskWarnings, measureDisks, watchedFolders } from '../monitor/disk-warnings.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const leastNode = 24;

export function checkVersions(rota: string, node: string): readonly Finding[] {
  const major = Number(/^v?(\d+)/.exec(node)?.[1]);
  return [
    major >= leastNode
      ? ok('versions', `Rota ${rota} on Node ${node.replace(/^v/, '')}`)
      : fault(
          'versions',
          'NODE_TOO_OLD',
          `Rota ${rota} needs Node ${leastNode}, this is ${node}`,
          `Install Node ${leastNode} or later.`,
        ),
  ];
}

/** Rota 0.1 was written in 2026: an earlier date is no date. */
const earliest = Date.UTC(2026, 0, 1);

export function checkClock(now: Date): Finding {
  if (now.getTime() >= earliest) return ok('clock', `it is ${now.toISOString().slice(0, 19)}Z here`);
  return fault(
    'clock',
    'CLOCK_WRONG',
    `it is ${now.toISOString()} here, which cannot be`,
    'Set the clock, and keep it with NTP.',
  );
}

export async function checkDisks(config: FarmConfig): Promise<readonly Finding[]> {
  const rooms = await measureDisks(watchedFolders(config));
  const full = diskWarnings(rooms);
  return rooms.map((room) => {
    const found = full.find(({ path }) => path === room.path);
    if (found !== undefined) {
      return warning(
        'disk',
        'DISK_NEARLY_FULL',
        found.text,
        'Make room before the next dump: it is refused when it cannot fit.',
      );
    }
    return ok(
      'disk',
      `${room.path} has ${(room.freeBytes / 1e9).toFixed(1)} GB and ${room.totalInodes === 0 ? 'any number of' : room.freeInodes} inodes left`,
    );
  });
}

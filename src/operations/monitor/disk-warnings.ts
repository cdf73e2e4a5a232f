import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FarmConfig } from '../../config/farm-config.ts';
import type { DiskWarning } from '../../control/monitor/find-alerts.ts';

export interface DiskRoom {
  readonly path: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly freeInodes: number;
  /** 0 where the file system counts none. */
  readonly totalInodes: number;
}

/** Below this share a disk counts as too full. */
const leastShare = 0.05;

/** The folders whose disks must not fill up: trees, workspaces, the run store. */
export function watchedFolders(config: FarmConfig): readonly string[] {
  const { public: open, private: hidden } = config.output;
  return [
    ...new Set([
      open.folder,
      open.workspaceFolder,
      hidden.folder,
      hidden.workspaceFolder,
      ...(config.store.kind === 'sqlite' ? [dirname(config.store.file)] : []),
    ]),
  ];
}

/** Rooms of the folders that exist, one for each file system. */
export async function measureDisks(folders: readonly string[]): Promise<readonly DiskRoom[]> {
  const rooms = new Map<string, DiskRoom>();
  for (const path of folders) {
    const found = await statfs(path).catch(() => null);
    if (found === null) continue;
    const { bavail, blocks, bsize, ffree, files, type } = found;
    const room = {
      path,
      freeBytes: bavail * bsize,
      totalBytes: blocks * bsize,
      freeInodes: ffree,
      totalInodes: files,
    };
    // statfs names no device; folders of one file system answer alike.
    const same = `${type} ${blocks} ${files} ${Math.round(room.freeBytes / 1e8)}`;
    if (!rooms.has(same)) rooms.set(same, room);
  }
  return [...rooms.values()];
}

export function diskWarnings(rooms: readonly DiskRoom[]): readonly DiskWarning[] {
  return rooms.flatMap((room) => {
    const { path, freeBytes, totalBytes, freeInodes, totalInodes } = room;
    if (totalBytes > 0 && freeBytes < totalBytes * leastShare) {
      const percent = ((freeBytes / totalBytes) * 100).toFixed(1);
      return [
        {
          path,
          text: `The disk of ${path} has ${(freeBytes / 1e9).toFixed(1)} GB (${percent} %) left: make room, or lower jobs.full-dump.keep.`,
        },
      ];
    }
    if (totalInodes > 0 && freeInodes < totalInodes * leastShare) {
      return [{ path, text: `The disk of ${path} has only ${freeInodes} inodes left: remove small files.` }];
    }
    return [];
  });
}

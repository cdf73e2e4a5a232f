import { join } from 'node:path';
import type { Pair } from '../measure/interleave.ts';
import type { BenchWiki, Setting } from '../setting/setting.ts';

const script = join(import.meta.dirname, '..', 'floor', 'read-rows.ts');

/** What no dump can do without, each part with the ones before it. */
export function floorPairs(setting: Setting, wiki: BenchWiki): Pair[] {
  const part = (name: string, argument: string): Pair => ({
    name,
    ours: async () => ({
      program: process.execPath,
      args: [script, join(setting.farmFolder, 'rota.yaml'), wiki.name, argument],
      cwd: setting.farmFolder,
    }),
    theirs: null,
  });
  return [
    part('floor: reading metadata', 'metadata'),
    part('floor: and the stored texts', 'rows'),
    part('floor: and inflating them', 'inflate'),
  ];
}

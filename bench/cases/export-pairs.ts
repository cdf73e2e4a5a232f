import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Pair } from '../measure/interleave.ts';
import type { BenchWiki, Setting } from '../setting/setting.ts';
import { maintenance, rota, shell, words } from './commands.ts';

/** One stream, as `dumpBackup.php` writes it. */
export function exportPairs(
  setting: Setting,
  wiki: BenchWiki,
): Record<'full' | 'zst' | 'stub' | 'current', Pair> {
  const zst = join(setting.scratchFolder, 'full.xml.zst');
  const backup = (...args: readonly string[]) => maintenance(wiki, 'dumpBackup', '--quiet', ...args);
  const plain = (name: string, ours: readonly string[], theirs: readonly string[]): Pair => ({
    name,
    ours: async () => rota(setting, 'export', wiki.name, ...ours, '-o', '/dev/null'),
    theirs: async () => backup(...theirs, '--output=file:/dev/null'),
  });
  return {
    full: plain('full history', ['--full'], ['--full']),
    zst: {
      name: 'full history to zst',
      ours: async () => {
        rmSync(zst, { force: true });
        return rota(setting, 'export', wiki.name, '--full', '-o', zst);
      },
      theirs: async () =>
        shell([`${words(backup('--full'))} | zstd -q -3 -T0 -f -o ${zst}`], wiki.maintenance.env),
    },
    stub: plain('stubs', ['--full', '--stub'], ['--full', '--stub']),
    current: plain('current', ['--current'], ['--current']),
  };
}

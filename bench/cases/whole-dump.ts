import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tableOutputs } from '../../src/publish/dump-catalogue/table-outputs.ts';
import type { Pair } from '../measure/interleave.ts';
import { type BenchWiki, type Setting, shellWords } from '../setting/setting.ts';
import { maintenance, rota, shell, words } from './commands.ts';

/**
 * All outputs of a full dump, with Rota's default formats, against MediaWiki's passes for the same files as the field
 * runs them: stubs of all three kinds in one pass, texts from the stubs (pages-meta-current with pages-articles as
 * prefetch), the history also recompressed to bz2, the log, and the public tables. MediaWiki's side has no titles, checksums, multistream or verification.
 */
export function wholeDumpPair(setting: Setting, wiki: BenchWiki): Pair {
  return {
    name: 'whole dump',
    ours: async () => rota(setting, 'dump', wiki.name, '--force', '--replace'),
    theirs: async () => {
      const folder = join(setting.scratchFolder, 'mediawiki');
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      return shell(passes(wiki, folder), wiki.maintenance.env);
    },
  };
}

function passes(wiki: BenchWiki, folder: string): string[] {
  const file = (name: string) => join(folder, name);
  const script = (name: string, ...args: readonly string[]) =>
    words(maintenance(wiki, name, '--quiet', ...args));
  const texts = (stub: string, prefetch: readonly string[] = []) =>
    script('dumpTextPass', `--stub=gzip:${file(stub)}`, ...prefetch);
  const tables = tableOutputs.map((output) => output.file.replace(/\.sql\.gz$/, ''));
  const dump = shellWords([
    'mariadb-dump',
    ...wiki.clientOptions,
    '--single-transaction',
    '--force',
    wiki.database,
  ]);
  return [
    script(
      ...(['dumpBackup', '--full', '--stub', `--output=gzip:${file('stub-history.gz')}`] as const),
      ...[`--output=gzip:${file('stub-current.gz')}`, '--filter=latest'],
      ...[`--output=gzip:${file('stub-articles.gz')}`, '--filter=latest', '--filter=notalk'],
      '--filter=namespace:!NS_USER',
    ),
    `${texts('stub-articles.gz')} | lbzip2 -9 > ${file('articles.bz2')}`,
    `${texts('stub-current.gz', [`--prefetch=bzip2:${file('articles.bz2')}`])} | lbzip2 -9 > ${file('current.bz2')}`,
    `${texts('stub-history.gz')} | zstd -q -3 -T0 -f -o ${file('history.zst')}`,
    `zstd -q -dc ${file('history.zst')} | lbzip2 -9 > ${file('history.bz2')}`,
    script('dumpBackup', '--logs', `--output=gzip:${file('logs.gz')}`),
    ...tables.map((table) => `{ ${dump} ${table} 2>/dev/null || true; } | gzip > ${file(`${table}.sql.gz`)}`),
  ];
}

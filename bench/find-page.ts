/**
 * `node bench/find-page.ts [--sizes 100MB,1GB] [--histories] [--folder DIR]`: how much of a dump file a search reads, and how long it
 * takes, by the size of the file: by id in one bz2 stream and in many, by title with the index and without. Needs so
 * much room in the folder, and twice the smallest size.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { isRotaError } from '../src/core/errors/rota-error.ts';
import { Random } from '../src/core/random.ts';
import { type DumpSource, openSource } from '../src/files/dump-source.ts';
import { type FoundPage, findPageById, findPageByIndex, scanForPage } from '../src/files/find/find-page.ts';
import { type BuiltDump, buildHistory, idOf, titleOf, writeArticles } from './find-page/build-dump.ts';
import { median } from './measure/statistics.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100MB' },
    folder: { type: 'string', default: tmpdir() },
    // Only histories in one stream: what takes long to build is measured alone.
    histories: { type: 'boolean', default: false },
  },
});
const searches = 15;
const units: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9 };
const tools = {
  signal: new AbortController().signal,
  searchPath: process.env.PATH ?? '',
  threads: availableParallelism(),
  stdin: (async function* () {})(),
};

const folder = await mkdtemp(join(resolve(values.folder), 'rota-find-page-'));
try {
  process.stdout.write(
    `load ${loadavg()[0]?.toFixed(1)}; medians (and the most) of ${searches} searches\n\n`,
  );
  row('file', 'size', 'search', 'bytes read', 'share of the file', 'ms', 'CPU ms');
  row('---', '---', '---', '---', '---', '---', '---');
  if (!values.histories) await measureArticles(join(folder, 'bench-pages-articles'));
  for (const size of values.sizes.split(',')) {
    const [, count, unit = ''] = /^(\d+)(MB|GB)$/.exec(size) ?? [];
    const bytes = Number(count) * (units[unit] ?? Number.NaN);
    if (Number.isNaN(bytes)) throw new Error(`${size} is no size such as 100MB or 10GB`);
    await measureHistory('history, one stream', 'one stream', bytes, join(folder, 'bench-history.xml.bz2'));
    if (values.histories) continue;
    await measureHistory(
      'history, multistream',
      'multistream',
      bytes,
      join(folder, 'bench-multistream.xml.bz2'),
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measureHistory(
  name: string,
  kind: 'one stream' | 'multistream',
  bytes: number,
  path: string,
): Promise<void> {
  const built = await buildHistory(path, kind, bytes);
  const source = await openSource(path, path, tools);
  await byId(name, built, source);
  if (built.index !== null) await byTitle(name, built, source);
  await rm(path);
}

/** Small pages, compressed as `rota xml recompress` does it. */
async function measureArticles(stem: string): Promise<void> {
  const xml = `${stem}.xml`;
  const pages = 40_000;
  await writeArticles(xml, pages);
  const rota = resolve(import.meta.dirname, '../bin/rota.mjs');
  const run = (...args: readonly string[]) =>
    execFileSync(process.execPath, [rota, 'xml', ...args], { stdio: 'pipe' });
  const one = `${stem}.xml.bz2`;
  const many = `${stem}-multistream.xml.bz2`;
  const index = `${stem}-multistream-index.txt.bz2`;
  run('recompress', xml, '-o', one);
  run('recompress', xml, '-o', many, '--multistream', '--index', index);
  await rm(xml);
  for (const [name, path] of [
    ['articles, one stream', one],
    ['articles, multistream', many],
  ] as const) {
    const built = { path, index: path === many ? index : null, pages, sizeBytes: (await stat(path)).size };
    const source = await openSource(path, path, tools);
    await byId(name, built, source);
    if (built.index !== null) await byTitle(name, built, source);
    else await withoutIndex(name, built, source);
    await rm(path);
  }
}

async function byId(name: string, built: BuiltDump, source: DumpSource): Promise<void> {
  const random = new Random(3, name);
  const wanted = Array.from({ length: searches }, () => 1 + random.below(built.pages));
  await measure(name, built, 'by id', wanted, (page) => findPageById(source, idOf(page)));
  // Between two pages there is none: that must be made sure of.
  await measure(name, built, 'by an id that is not there', wanted, (page) =>
    findPageById(source, idOf(page) + 1),
  );
}

async function byTitle(name: string, built: BuiltDump, source: DumpSource): Promise<void> {
  const random = new Random(4, name);
  const wanted = Array.from({ length: searches }, () => 1 + random.below(built.pages));
  const index = built.index ?? '';
  const { size } = await stat(index);
  const indexSource = await openSource(index, index, tools);
  await measure(`${name} (index ${megabytes(size)})`, built, 'by title, index', wanted, (page) =>
    findPageByIndex(source, indexSource, titleOf(page)),
  );
}

/** Once, for the page in the middle: it reads half of the file, whatever is asked. */
async function withoutIndex(name: string, built: BuiltDump, source: DumpSource): Promise<void> {
  const middle = Math.ceil(built.pages / 2);
  await measure(name, built, 'by title, no index', [middle], (page) =>
    scanForPage(source, { title: titleOf(page) }),
  );
}

async function measure(
  name: string,
  built: BuiltDump,
  search: string,
  wanted: readonly number[],
  find: (page: number) => Promise<FoundPage>,
): Promise<void> {
  const read: number[] = [];
  const tookMs: number[] = [];
  const cpuMs: number[] = [];
  for (const page of wanted) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    try {
      const found = await find(page);
      if (found.title !== titleOf(page)) throw new Error(`${found.title} was found, not ${titleOf(page)}`);
      if (found.bytesRead !== null) read.push(found.bytesRead);
    } catch (error) {
      if (!isRotaError(error, 'PAGE_NOT_FOUND')) throw error;
      const bytes = error.facts.bytesRead;
      if (typeof bytes === 'number') read.push(bytes);
    }
    tookMs.push(performance.now() - start);
    const used = process.cpuUsage(cpu);
    cpuMs.push((used.user + used.system) / 1000);
  }
  const both = (numbers: readonly number[], show: (value: number) => string) =>
    numbers.length === 0 ? '' : `${show(median(numbers))} (${show(Math.max(...numbers))})`;
  const share = (value: number) => `${((100 * value) / built.sizeBytes).toFixed(2)} %`;
  const whole = (value: number) => value.toFixed(0);
  row(
    name,
    megabytes(built.sizeBytes),
    search,
    both(read, megabytes),
    both(read, share),
    both(tookMs, whole),
    both(cpuMs, whole),
  );
}

function row(...cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}

/**
 * `node bench/find-page.ts [MEGABYTES]`: a multistream dump of so many MB of invented text (200) is made; then a page is
 * looked for by its id, by its title with the index, and by its title without, in turn: time, CPU and bytes read. Needs
 * bzip2 or lbzip2.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBz2, openWriter } from '../src/export/containers/write/open-writer.ts';
import { type DumpSource, type FileTools, openSource } from '../src/files/dump-source.ts';
import { type FoundPage, findPageById, findPageByIndex, scanForPage } from '../src/files/find/find-page.ts';
import { recompressMultistream } from '../src/files/recompress.ts';
import { pageXml, smallHead } from '../src/files/testing/small-dump.ts';
import { median } from './measure/statistics.ts';

const megabytes = Number(process.argv[2] ?? 200);
const rounds = 5;

const tools: FileTools = {
  signal: new AbortController().signal,
  searchPath: process.env.PATH ?? '',
  threads: availableParallelism(),
  stdin: (async function* () {})(),
};

/** Pages of 5 kB of words that bzip2 makes a third of. */
function* invented(bytes: number): Generator<Buffer, number, void> {
  let [state, given, id] = [1, 0, 0];
  yield Buffer.from(smallHead);
  while (given < bytes) {
    id += 3;
    let text = '';
    while (text.length < 5000) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      text += `word${(state >>> 12) % 20_000} `;
    }
    const page = Buffer.from(pageXml({ id, revisions: [{ id: id + 1, text }] }));
    given += page.length;
    yield page;
  }
  yield Buffer.from('</mediawiki>\n');
  return id;
}

const folder = await mkdtemp(join(tmpdir(), 'rota-bench-find-'));
try {
  const [path, indexPath] = [join(folder, 'dump.xml.bz2'), join(folder, 'index.txt.bz2')];
  let lastId = 0;
  const source: DumpSource = {
    name: 'invented',
    format: 'plain',
    path: null,
    fileBytes: null,
    async *chunks() {
      const pages = invented(megabytes * 1e6);
      for (let next = pages.next(); ; next = pages.next()) {
        if (next.done === true) {
          lastId = next.value;
          return;
        }
        yield { bytes: next.value, rawOffset: 0, fileOffset: null };
      }
    },
  };
  {
    const index = await openWriter(indexPath, 'bz2', tools);
    await using writer = await openBz2(path, tools, index);
    await recompressMultistream(source, writer);
  }
  const dump = await openSource(path, path, tools);
  const index = await openSource(indexPath, indexPath, tools);
  const cases: readonly (readonly [string, (id: number) => Promise<FoundPage>])[] = [
    ['by id', (id) => findPageById(dump, id)],
    ['by title, with index', (id) => findPageByIndex(dump, index, `Page ${id}`)],
    ['by title, without', (id) => scanForPage(dump, { title: `Page ${id}` })],
  ];
  const results = cases.map(() => ({ ms: [] as number[], cpu: [] as number[], read: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    const id = 3 * Math.floor((lastId / 3) * ((round + 0.5) / rounds));
    for (const [at, [, find]] of cases.entries()) {
      const [startedMs, cpu] = [performance.now(), process.cpuUsage()];
      const found = await find(id);
      const used = process.cpuUsage(cpu);
      results[at]?.ms.push(performance.now() - startedMs);
      results[at]?.cpu.push((used.user + used.system) / 1e6);
      results[at]?.read.push(found.bytesRead ?? Number.NaN);
    }
  }
  const { size } = await stat(path);
  const print = (...cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
  print(
    `find-page in ${(size / 1e6).toFixed(0)} MB of bz2 (${megabytes} MB of XML)`,
    'wall',
    'own CPU',
    'read',
  );
  print('---', '---', '---', '---');
  for (const [at, [name]] of cases.entries()) {
    const { ms, cpu, read } = results[at] ?? { ms: [], cpu: [], read: [] };
    const mb = median(read);
    const wall = `${median(ms).toFixed(0)} ms`;
    print(
      name,
      wall,
      `${median(cpu).toFixed(2)} s`,
      Number.isNaN(mb) ? 'up to the page' : `${(mb / 1e6).toFixed(1)} MB`,
    );
  }
} finally {
  await rm(folder, { recursive: true });
}

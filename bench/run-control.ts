/**
 * `node bench/run-control.ts [REVISIONS] [STORES] [RUNS]`: on both stores claims a second, take-over, 10,000 subjects, and
 * 1, 2 and 4 workers on one wiki; then what run control costs in a dump. Without etcd installed the file only. With 0
 * revisions nothing is dumped. STORES: `file,etcd1,etcd3`, in turn.
 */
import { cpus, loadavg } from 'node:os';
import { isPresent } from '../test/support/requirements.ts';
import { type BenchPlaces, etcdPlaces, sqlitePlaces } from './run-control/bench-store.ts';
import { claimsPerSecond } from './run-control/claims.ts';
import { costInDump } from './run-control/cost-in-dump.ts';
import { askedOfMany } from './run-control/many-subjects.ts';
import { takeOverMs } from './run-control/take-over.ts';
import { SharedWiki } from './run-control/workers.ts';

const revisions = Number(process.argv[2] ?? 20_000);
const takeOverLeaseMs = 3_000;
const line = (...cells: readonly string[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);

const load = (): string | undefined => loadavg()[0]?.toFixed(1);
line(`load before: ${load()} on ${cpus().length} cores`, '');
const opening: Readonly<Record<string, () => Promise<BenchPlaces>>> = {
  file: sqlitePlaces,
  etcd1: () => etcdPlaces(1),
  etcd3: () => etcdPlaces(3),
};
const wanted = process.argv[3] ?? (isPresent('etcd') ? 'file,etcd1,etcd3' : 'file');
const runs = Number(process.argv[4] ?? 1_000);
{
  using wiki = revisions === 0 ? undefined : new SharedWiki(revisions);
  for (const name of wanted.split(',')) {
    const open = opening[name];
    if (open === undefined) throw new Error(`There is no store ${name}: ${Object.keys(opening).join(', ')}`);
    await using places = await open();
    await measureStore(places);
    if (wiki !== undefined) await measureWorkers(places, wiki);
  }
}
if (revisions > 0) {
  const cost = costInDump(revisions);
  const share = (100 * cost.controlSeconds) / cost.cpuSeconds;
  line(
    `full dump of ${revisions} revisions: run control's share of its CPU`,
    `${share.toFixed(2)} % (${cost.controlSeconds.toFixed(2)} of ${cost.cpuSeconds.toFixed(1)} s; ${cost.wallSeconds.toFixed(1)} s wall)`,
  );
}

async function measureStore(places: BenchPlaces): Promise<void> {
  line(`run control on ${places.name}`, '');
  line('---', '---');
  for (const processes of [1, 2, 4]) {
    const rate = await claimsPerSecond(places.next(), processes, runs);
    line(`claims with completions, ${processes} processes`, `${Math.round(rate)}/s (load ${load()})`);
  }
  const ms = await takeOverMs(places.next(), takeOverLeaseMs);
  line(`take-over after SIGKILL, lease of ${takeOverLeaseMs / 1000} s`, `${(ms / 1000).toFixed(1)} s`);
  for (const [name, tookMs] of Object.entries(await askedOfMany(places.next(), 10_000))) {
    line(`10,000 subjects: ${name}`, `${tookMs.toFixed(1)} ms`);
  }
}

/** Two cores are the limit of two threads, whoever owns them: on this machine, not of the design. */
async function measureWorkers(places: BenchPlaces, wiki: SharedWiki): Promise<void> {
  const place = places.next();
  let alone = Number.NaN;
  for (const workers of [1, 2, 4]) {
    const { seconds, pieces, workers: made } = await wiki.contentWith(place, workers);
    if (workers === 1) alone = seconds;
    const many = `${workers} ${workers === 1 ? 'worker' : 'workers'} of one thread`;
    line(
      `content of ${revisions} revisions, ${pieces} pieces, ${many}`,
      `${seconds.toFixed(1)} s (${(alone / seconds).toFixed(2)}×; ${made} took pieces)`,
    );
  }
}

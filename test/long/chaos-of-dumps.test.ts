// Real dumps of two wikis by processes that are killed and stopped at random, at least 200 times on each store; on etcd
// its members fall, too. ROTA_SEED repeats a series, ROTA_CHAOS_BLOWS shortens it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import type { RunStore } from '../../src/control/store/run-store.ts';
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { jobName, type RunId, runId, subjectName } from '../../src/core/ids.ts';
import { assertTokensRise, chaosSeries } from '../control/chaos-series.ts';
import { useEtcd } from '../control/store-of.ts';
import { plainContent } from '../demo/demo-farm.ts';
import { makeOperationsFarm, type OperationsFarm } from '../operations/operations-farm.ts';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { randomOf } from '../support/random.ts';
import { requires } from '../support/requirements.ts';
import { signalTree, startRota } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const blows = Number(process.env.ROTA_CHAOS_BLOWS ?? 200);
const seed = Number(process.env.ROTA_SEED ?? Date.now() % 1_000_000);
const wikis = ['alphawiki', 'betawiki'] as const;
const timeout = 29 * 60_000;

describe('real dumps under random blows', () => {
  it('on SQLite every one is published once, whole and right', { timeout }, async (t) => {
    await using folder = await temporaryFolder('chaos-dumps');
    const farm = await makeOperationsFarm(folder.path, wikis);
    await using store = await openSqliteStore({ file: folder.in('rota.db'), clock });
    await playDumps(t, { farm, store });
  });

  it('on etcd, whose members fall too, every one is published once, whole and right', {
    timeout,
    skip: requires('etcd'),
  }, async (t) => {
    await using folder = await temporaryFolder('chaos-dumps');
    await using etcd = await startEtcd({ members: 3 });
    const farm = await makeOperationsFarm(folder.path, wikis, { farm: { store: { etcd: etcd.endpoints } } });
    await using store = await openEtcdStore({ endpoints: etcd.endpoints, clock });
    await playDumps(t, { farm, store, disturb: (random) => strike(etcd, random) });
  });
});

describe('pieces under random blows', () => {
  it('on SQLite every run ends once, with all of them', { timeout }, async (t) => {
    await using folder = await temporaryFolder('chaos');
    await chaosSeries(t, { folder: folder.path, leaseMs: 900, blows, seed });
  });

  it('on etcd every run ends once, with all of them', { timeout, skip: requires('etcd') }, async (t) => {
    await using folder = await temporaryFolder('chaos');
    await using etcd = await startEtcd({ members: 3 });
    await useEtcd(folder.path, { endpoints: etcd.endpoints, prefix: '/chaos/' });
    await chaosSeries(t, {
      folder: folder.path,
      leaseMs: 2_000,
      blows,
      seed,
      disturb: (random) => strike(etcd, random),
    });
  });
});

/** The leader dies, or most members do for a while. */
async function strike(etcd: RunningEtcd, random: () => number): Promise<void> {
  const leader = etcd.members[await etcd.leader()];
  const lost = random() < 0.5 ? etcd.members.filter((member) => member === leader) : etcd.members.slice(1);
  await Promise.all(lost.map((member) => member.kill()));
  await clock.sleep(random() * 4_000);
  await Promise.all(lost.map((member) => member.start()));
  await etcd.ready();
}

interface Played {
  readonly farm: OperationsFarm;
  readonly store: RunStore;
  readonly disturb?: (random: () => number) => Promise<void>;
}

async function playDumps(t: TestContext, p: Played): Promise<void> {
  t.diagnostic(`ROTA_SEED=${seed}, ${blows} blows`);
  const random = randomOf(seed);
  const processes = new Set<ReturnType<typeof startRota>>();
  const done: RunId[] = [];
  let fallen = 0;
  try {
    for (let day = 1; fallen < blows; day++) {
      const date = `2026${String(Math.ceil(day / 28)).padStart(2, '0')}${String(((day - 1) % 28) + 1).padStart(2, '0')}`;
      const ids = wikis.map((wiki) => runId(jobName('full-dump'), subjectName(wiki), date));
      for (let open: readonly RunId[] = ids; open.length > 0; ) {
        for (const id of open) {
          const [, wiki = ''] = id.split('/');
          // Two for each wiki: one is refused, and there when the other dies.
          if (processes.size < 3) start(p.farm, wiki, date, processes);
        }
        await clock.sleep(200 + random() * 800);
        if (fallen < blows) fallen += await blow(random, [...processes], p);
        open = await unfinished(p.store, open);
      }
      done.push(...ids);
    }
    await Promise.all(processes);
    t.diagnostic(`${done.length} dumps, ${fallen} blows`);
    await assertPublished(p, done);
  } finally {
    for (const child of processes) {
      signalTree(child, 'SIGCONT');
      signalTree(child, 'SIGKILL');
    }
  }
}

function start(
  farm: OperationsFarm,
  wiki: string,
  date: string,
  processes: Set<ReturnType<typeof startRota>>,
): void {
  const child = startRota(['dump', wiki, '--date', date], { cwd: farm.folder, timeoutMs: 600_000 });
  processes.add(child);
  void child.then(() => processes.delete(child));
}

/** 1 when a blow fell. */
async function blow(
  random: () => number,
  victims: readonly ReturnType<typeof startRota>[],
  p: Played,
): Promise<number> {
  if (p.disturb !== undefined && random() < 0.05) {
    await p.disturb(random);
    return 1;
  }
  const victim = victims[Math.floor(random() * victims.length)];
  if (victim === undefined) return 0;
  if (random() < 0.5) signalTree(victim, 'SIGKILL');
  else {
    signalTree(victim, 'SIGSTOP');
    // Shorter and longer than a lease.
    setTimeout(() => signalTree(victim, 'SIGCONT'), random() * 6_000);
  }
  return 1;
}

/** Looks after the dead as a monitor does; what they made a run wait for need not be waited for here. */
async function unfinished(store: RunStore, ids: readonly RunId[]): Promise<readonly RunId[]> {
  try {
    await store.sweep();
    const open: RunId[] = [];
    for (const id of ids) {
      const run = await store.readRun({ id });
      if (run?.state === 'done') continue;
      open.push(id);
      if (run === undefined || run.state === 'running') continue;
      if (run.state === 'failed') {
        assert.match(run.error?.code ?? '', /^STORE_|^LEASE_/, `${id}: ${run.error?.message}`);
      }
      const mayResume = run.state === 'failed' || run.retryAt !== undefined;
      if (mayResume) await store.resumeRun({ id, by: 'chaos' });
    }
    return open;
  } catch (error) {
    if (isRotaError(error, 'STORE_UNAVAILABLE', 'STORE_BUSY', 'RUN_STATE')) return ids;
    throw error;
  }
}

async function assertPublished({ farm, store }: Played, ids: readonly RunId[]): Promise<void> {
  const contents = new Map<string, string>();
  for (const id of ids) {
    const [, wiki = '', date = ''] = id.split('/');
    const transitions = await store.listTransitions({ id });
    const ends = (stage: string | undefined) =>
      transitions.filter((change) => change.stage === stage && change.to === 'done').length;
    assert.equal(ends(undefined), 1, `${id} ended once`);
    assert.equal(ends('publish'), 1, `${id} was published once`);
    assertTokensRise(transitions.flatMap(({ token }) => token ?? []));
    assert.equal(await store.readLease({ key: `run/${id}` }), undefined, `${id} is held by nobody`);
    const folder = join(farm.folder, 'public', wiki, date);
    // Older dates have gone by retention; what is there is whole.
    const names = await readdir(folder).catch(() => []);
    const sums = names.find((name) => name.endsWith('-sha256sums.txt'));
    if (names.length === 0) continue;
    assert.ok(sums, `${folder} has checksums`);
    for (const line of (await readFile(join(folder, sums), 'utf8')).trimEnd().split('\n')) {
      const [sha256 = '', name = ''] = line.split(/ +\*?/);
      const path = join(folder, basename(name));
      const file = await readFile(path);
      assert.equal(createHash('sha256').update(file).digest('hex'), sha256, path);
      if (!/\.(xml|xml\.gz|xml\.zst|xml\.bz2)$/.test(name)) continue;
      // The wikis stand still, so every date has the same texts.
      const kind = `${wiki} ${basename(name).split('-').slice(2).join('-')}`;
      const content = createHash('sha256')
        .update(await plainContent(path))
        .digest('hex');
      assert.equal(contents.get(kind) ?? content, content, `${path} has the texts of the other dates`);
      contents.set(kind, content);
    }
  }
  assert.ok(contents.size > 0, 'something was published');
}

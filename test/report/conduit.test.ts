import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { silentLog } from '../../src/core/log.ts';
import { ManualClock } from '../../src/core/manual-clock.ts';
import { Secret } from '../../src/core/secret.ts';
import { ConduitSource } from '../../src/jobs/report/phabricator/conduit/conduit-source.ts';
import type { TrackerTask } from '../../src/jobs/report/phabricator/form/tracker-task.ts';
import type { TrackerSink } from '../../src/jobs/report/phabricator/source/tracker-source.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { answer, taskCount } from './conduit-answers.ts';

// The API of a tracker, spoken by a server of our own: cursors, its errors, too many requests, and broken connections.

interface Call {
  readonly method: string;
  readonly parameters: URLSearchParams;
}

type Fault = 'busy' | 'cut' | 'html' | 'refuse';

describe('a tracker that is read by its API', () => {
  let folder: TemporaryFolder;
  let server: Server;
  let url: string;
  let calls: Call[] = [];
  /** What goes wrong at the n-th call, from 1. */
  let faults = new Map<number, Fault>();

  before(async () => {
    folder = await temporaryFolder('conduit');
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const method = request.url?.replace('/api/', '') ?? '';
        const parameters = new URLSearchParams(body);
        calls.push({ method, parameters });
        const send = (value: object) => response.end(JSON.stringify(value));
        const fault = faults.get(calls.length);
        if (fault === 'busy') return response.writeHead(429, { 'retry-after': '3' }).end('slow down');
        if (fault === 'cut') return request.socket.destroy();
        if (fault === 'html') return response.end('<html>a proxy</html>');
        if (fault === 'refuse' || parameters.get('api.token') !== 'api-secret') {
          return send({ result: null, error_code: 'ERR-INVALID-AUTH', error_info: 'no such token' });
        }
        return send({ result: answer(method, parameters), error_code: null, error_info: null });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await folder[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    calls = [];
    faults = new Map();
  });

  async function read(
    workspace: string,
    more: {
      known?: ReadonlyMap<number, number>;
      isAll?: boolean;
      isSearched?: boolean;
      token?: string;
      clock?: ManualClock;
    } = {},
  ) {
    const tasks = new Map<number, TrackerTask>();
    const digests = new Map<number, number>();
    const setAside: string[] = [];
    const kept: number[] = [];
    const projects: string[] = [];
    const sink: TrackerSink = {
      isUnchanged: (id, digest) => more.known?.get(id) === digest,
      keep: (id) => kept.push(id),
      task: (task, digest) => {
        tasks.set(task.id, task);
        digests.set(task.id, digest);
      },
      setAside: (task, reason) => setAside.push(`${task}: ${reason}`),
      projects: (list) => projects.push(...list.map(({ name }) => name)),
      columns: () => {},
    };
    const source = new ConduitSource(
      {
        kind: 'conduit',
        url,
        token: new Secret(more.token ?? 'api-secret'),
        requestsPerSecond: 1_000_000,
        isAll: more.isAll ?? false,
        isSearched: more.isSearched ?? false,
      },
      { workspace: folder.in(workspace), clock: more.clock ?? fastClock(), log: silentLog },
    );
    await source.read(sink, { signal: new AbortController().signal, progress: () => {} });
    return { tasks, digests, setAside, kept, projects };
  }

  it('follows cursors to the end and takes only what everybody may see', async () => {
    const { tasks, setAside, projects } = await read('all');
    assert.deepEqual(setAside, []);
    assert.equal(tasks.size, taskCount - 23);
    assert.equal(tasks.has(10), false);
    assert.deepEqual(projects, ['P1']);
    const searches = calls.filter(({ method }) => method === 'maniphest.search');
    assert.deepEqual(
      searches.map(({ parameters }) => parameters.get('after')),
      [null, '100', '200'],
    );
    const task = tasks.get(3);
    assert.equal(task?.points, 2.5);
    assert.deepEqual(
      task?.transactions.map(({ kind }) => kind),
      ['status', 'columns', 'edges', 'other'],
    );
  });

  it('takes what only some may see when it is told to', async () => {
    const { tasks, projects } = await read('everything', { isAll: true });
    assert.equal(tasks.size, taskCount);
    assert.deepEqual(projects, ['P1', 'P2']);
  });

  it('asks about no task again that has not changed', async () => {
    const first = await read('first');
    calls = [];
    const known = new Map(first.digests);
    known.delete(7);
    const { tasks, kept } = await read('second', { known });
    assert.deepEqual([...tasks.keys()], [7]);
    assert.equal(kept.length, first.tasks.size - 1);
    assert.equal(calls.filter(({ method }) => method === 'maniphest.gettasktransactions').length, 1);
  });

  it('waits when it asks too much, and asks again when the connection or a proxy breaks', async () => {
    faults = new Map([
      [3, 'busy'],
      [5, 'cut'],
      [7, 'html'],
    ]);
    const slept: number[] = [];
    const { tasks } = await read('faults', { clock: fastClock(slept) });
    assert.equal(tasks.size, taskCount - 23);
    assert.deepEqual(slept, [3000, 1000, 1000]);
  });

  it('goes on where it was interrupted, without asking twice', async () => {
    faults = new Map([[9, 'refuse']]);
    await assert.rejects(read('resumed'), (error) => isRotaError(error, 'TRACKER_REFUSED'));
    const before = calls.length;
    faults = new Map();
    const { tasks } = await read('resumed');
    assert.equal(tasks.size, taskCount - 23);
    const questions = calls.map(({ method, parameters }) => `${method} ${parameters}`);
    assert.equal(new Set(questions).size, questions.length - 1, 'only what was refused is asked again');
    assert.ok(calls.length > before);
  });

  it('reads pasts by transaction.search where it is told to, page by page, and goes on where it was interrupted', async () => {
    faults = new Map([[300, 'refuse']]);
    await assert.rejects(read('searched', { isSearched: true }), (error) =>
      isRotaError(error, 'TRACKER_REFUSED'),
    );
    faults = new Map();
    const { tasks, setAside } = await read('searched', { isSearched: true });
    assert.deepEqual(setAside, []);
    assert.equal(tasks.size, taskCount - 23);
    const questions = calls.map(({ method, parameters }) => `${method} ${parameters}`);
    assert.equal(new Set(questions).size, questions.length - 1, 'only what was refused is asked again');
    assert.equal(
      calls.some(({ method }) => method === 'maniphest.gettasktransactions'),
      false,
    );
    const steps = tasks
      .get(3)
      ?.transactions.toSorted((a, b) => a.id - b.id)
      .map(({ id: _, at: __, ...step }) => step);
    assert.deepEqual(steps, [
      { kind: 'other' },
      {
        kind: 'edges',
        type: 41,
        change: { kind: 'difference', removed: [], added: ['PHID-PROJ-1', 'PHID-PROJ-2'] },
      },
      { kind: 'columns', moves: [{ board: 'PHID-PROJ-1', column: 'PHID-PCOL-5' }] },
      { kind: 'status', from: 'open', to: 'resolved' },
      { kind: 'priority', from: 90, to: 50 },
      { kind: 'points', from: null, to: 2.5 },
      { kind: 'edges', type: 41, change: { kind: 'difference', removed: ['PHID-PROJ-2'], added: [] } },
      { kind: 'edges', type: 4, change: { kind: 'difference', removed: [], added: ['PHID-TASK-parent'] } },
      { kind: 'status', from: null, to: 'duplicate' },
    ]);
  });

  it('gives up after some tries, and never tells the token', async () => {
    faults = new Map(Array.from({ length: 6 }, (_, i) => [i + 1, 'busy']));
    await assert.rejects(
      read('busy'),
      (error) => isRotaError(error, 'TRACKER_UNREACHABLE') && /6 tries/.test(error.message),
    );
    calls = [];
    faults = new Map();
    await assert.rejects(read('auth', { token: 'api-wrong' }), (error) => {
      assert.ok(isRotaError(error, 'TRACKER_REFUSED'));
      assert.match(error.message, /ERR-INVALID-AUTH: no such token/);
      assert.doesNotMatch(error.message, /api-wrong/);
      return true;
    });
  });
});

/** Sleeping takes no time, and is noted if it is longer than the pace between calls. */
function fastClock(slept: number[] = []): ManualClock {
  const clock = new ManualClock(new Date('2026-11-22T00:00:00Z'));
  clock.sleep = async (ms) => {
    if (ms >= 100) slept.push(ms);
  };
  return clock;
}

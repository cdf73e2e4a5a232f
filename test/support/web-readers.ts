// Readers of a farm's pages, in a process of their own: `web-readers.ts ADDRESS CLIENTS STREAMS EVERY_MS`. Clients ask
// for the status again and again; streams are open pages: they listen for events and ask for their content when
// something changed. It says `ready` once all have an answer, and at SIGTERM what became of them, in JSON.
import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface ReadersReport {
  readonly requests: number;
  readonly events: number;
  /** Answers that were none, or of another status than 200; streams that broke. */
  readonly errors: number;
  readonly firstErrors: readonly string[];
  readonly medianMs: number;
  readonly slowestMs: number;
  readonly p99Ms: number;
}

const [address = '', clients = '0', streams = '0', everyMs = '5000'] = process.argv.slice(2);
const ended = new AbortController();
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const times: number[] = [];
const errors: string[] = [];
let events = 0;

process.once('SIGTERM', () => ended.abort());
const each = (count: string, work: (i: number) => Promise<void>) =>
  Array.from({ length: Number(count) }, (_, i) => work(i));
let waiting = Number(clients) + Number(streams);
const arrived = () => {
  waiting -= 1;
  if (waiting === 0) process.stdout.write('ready\n');
};
await Promise.all([...each(clients, readStatus), ...each(streams, followEvents)]);
agent.destroy();
const sorted = times.toSorted((a, b) => a - b);
const at = (share: number) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
const report: ReadersReport = {
  requests: times.length,
  events,
  errors: errors.length,
  firstErrors: errors.slice(0, 5),
  medianMs: at(0.5),
  p99Ms: at(0.99),
  slowestMs: at(1),
};
process.stdout.write(`${JSON.stringify(report)}\n`);

async function readStatus(i: number): Promise<void> {
  await pause((i / Number(clients)) * Number(everyMs), undefined, { signal: ended.signal }).catch(() => {});
  for (let first = true; !ended.signal.aborted; first = false) {
    await ask('/api/v1/status', {});
    if (first) arrived();
    await pause(Number(everyMs), undefined, { signal: ended.signal }).catch(() => {});
  }
}

/**
 * One answer, read to its end. A connection that was kept may be closed by the server just when it is used again: browsers
 * then ask once more, and so do we.
 */
function ask(path: string, headers: Readonly<Record<string, string>>, isAgain = false): Promise<void> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const fail = (why: string) => {
      if (!ended.signal.aborted) errors.push(`${path}: ${why}`);
      resolve();
    };
    const request = get(
      `${address}${path}`,
      { agent, headers, signal: ended.signal, timeout: 60_000 },
      (response) => {
        response.resume();
        response.once('error', (error) => fail(error.message));
        response.once('end', () => {
          times.push(performance.now() - startMs);
          if (response.statusCode === 200) resolve();
          else fail(`status ${response.statusCode}`);
        });
      },
    );
    request.once('timeout', () => request.destroy(new Error('no answer for a minute')));
    request.once('error', (error: NodeJS.ErrnoException) => {
      if (request.reusedSocket && error.code === 'ECONNRESET' && !isAgain) {
        void ask(path, headers, true).then(resolve);
      } else fail(error.message);
    });
  });
}

function followEvents(): Promise<void> {
  return new Promise((resolve) => {
    const fail = (why: string) => {
      if (!ended.signal.aborted) errors.push(`events: ${why}`);
      resolve();
    };
    get(`${address}/api/v1/events`, { signal: ended.signal }, (response) => {
      arrived();
      if (response.statusCode !== 200) fail(`status ${response.statusCode}`);
      response.setEncoding('utf8').on('data', (text: string) => {
        if (!text.includes('event: changed')) return;
        events += 1;
        void ask('/', { 'Rota-Part': 'main' });
      });
      response.once('error', (error) => fail(error.message));
      response.once('end', () => fail('ended'));
    }).once('error', (error) => fail(error.message));
  });
}

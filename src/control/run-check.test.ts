import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import type { RunId } from '../core/ids.ts';
import { silentLog } from '../core/log.ts';
import { type Check, type CheckContext, CustomCheck } from './check.ts';
import { runCheck } from './run-check.ts';
import type { RunView } from './store/run-view.ts';

const base = { name: 'c', severity: 'fail', timeoutMs: 10_000 } as const;
const context: CheckContext = {
  run: { id: 'full-dump/frwiki/20260101' as RunId } as RunView,
  stage: 'publish',
  workspace: tmpdir(),
  signal: new AbortController().signal,
  log: silentLog,
};

function check(c: Check, more: Partial<CheckContext> = {}) {
  return runCheck(c, { ...context, ...more }, systemClock);
}

test('a command passes with status 0 and says why otherwise', async () => {
  const good = await check({
    ...base,
    kind: 'command',
    argv: ['/bin/sh', '-c', 'test "$ROTA_RUN $ROTA_STAGE" = "full-dump/frwiki/20260101 publish"'],
  });
  assert.equal(good.ok, true);
  const bad = await check({ ...base, kind: 'command', argv: ['/bin/sh', '-c', 'echo no room >&2; exit 3'] });
  assert.equal(bad.ok, false);
  assert.match(bad.message, /ended with status 3: no room/);
  const missing = await check({ ...base, kind: 'command', argv: ['/nonexistent/program'] });
  assert.equal(missing.ok, false);
  assert.match(missing.message, /ENOENT/);
});

test('a script is given its arguments as they are, and stops at the first failure', async () => {
  const evil = '$(touch x); "';
  const good = await check({ ...base, kind: 'script', script: `test "$1" = '${evil}'\n`, args: [evil] });
  assert.equal(good.ok, true, good.message);
  const bad = await check({ ...base, kind: 'script', script: 'false\necho went on\n' });
  assert.equal(bad.ok, false);
  assert.doesNotMatch(bad.message, /went on/);
});

test('a check that hangs fails at its time-out, with all that it has started', async () => {
  const report = await check({
    ...base,
    kind: 'script',
    timeoutMs: 200,
    script: 'sleep 60 & echo $!; wait\n',
  });
  assert.equal(report.ok, false);
  assert.match(report.message, /took longer than 0.2 s/);
  assert.ok(report.durationMs < 5_000);
});

test('http answers are compared by status and text', async () => {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/gone' ? 410 : 200).end('all is well');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const http = (path: string, more: object = {}) =>
    check({ ...base, kind: 'http', url: `http://127.0.0.1:${port}${path}`, ...more });
  try {
    assert.equal((await http('/', { contains: 'well' })).ok, true);
    assert.equal((await http('/gone', { status: 410 })).ok, true);
    assert.match((await http('/gone')).message, /answered 410, not 200/);
    assert.match((await http('/', { contains: 'ill' })).message, /does not contain "ill"/);
  } finally {
    server.close();
  }
  assert.equal((await http('/')).ok, false);
});

test('a class that throws has failed; a run that is stopped throws its own reason', async () => {
  class Broken extends CustomCheck {
    async check(): Promise<never> {
      throw new Error('no such pool');
    }
  }
  const broken: Check = { ...base, kind: 'class', check: new Broken() };
  assert.deepEqual((await check(broken)).message, 'no such pool');
  const reason = new Error('cancelled');
  await assert.rejects(check(broken, { signal: AbortSignal.abort(reason) }), reason);
});

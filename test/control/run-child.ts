/** A process that works on one run of a made-up job: writes numbered pieces, then puts them together. */
import { createHash } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { executeRun } from '../../src/control/execute-run.ts';
import { inheritedGuard } from '../../src/control/spawn-run.ts';
import { done, type PieceLease, Stage, type StageContext } from '../../src/control/stage.ts';
import { systemClock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { parseRunId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { openStoreOf } from './store-of.ts';

/** Its time of day may be wrong by this much, as on a host without NTP. */
const skewMs = Number(process.env.ROTA_TEST_SKEW_MS ?? 0);
const clock = { ...systemClock, now: () => new Date(Date.now() + skewMs) };
const [, , folder = '', runText = '', pieceMs = '50', leaseMs = '1500'] = process.argv;

class Write extends Stage<null> {
  readonly name = 'write';
  readonly deadlineMs = 60_000;
  override readonly pieceConcurrency = 2;

  async run(context: StageContext<null>) {
    await context.pieces.define(Array.from({ length: 12 }, (_, i) => ({ id: `${i}`, weight: 1, data: i })));
    return done({ pieces: (await context.pieces.runAll()).length });
  }

  override async runPiece(context: StageContext<null>, piece: PieceLease) {
    await context.clock.sleep(Number(pieceMs), piece.signal);
    const text = `piece ${piece.id}\n`;
    await writeFile(join(piece.folder, 'part'), text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { path: `${piece.folderName}/part`, sizeBytes: text.length, sha256 };
  }
}

class Publish extends Stage<null> {
  readonly name = 'publish';
  readonly deadlineMs = 60_000;

  async run(context: StageContext<null>) {
    const parts = await context.pieces.committed('write');
    const texts = await Promise.all(
      parts.map((part) => readFile(join(context.workspace, part.path), 'utf8')),
    );
    await context.assertCurrent();
    await context.commitPointer(`published/${context.run.id}`, {
      text: texts.join(''),
      token: context.token,
    });
    return done();
  }
}

const { id, job } = parseRunId(runText);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
await using store = await openStoreOf(folder, clock);
const inherited = inheritedGuard(id, process.env);
try {
  const result = await executeRun<null>({
    store,
    job: { name: job, stages: () => [new Write(), new Publish()] },
    runId: id,
    services: null,
    holder: { host: hostname(), pid: process.pid, startedAt: new Date() },
    workspaceOf: (run) => join(folder, 'work', `${run.subject}.${run.epoch}`),
    clock,
    log: silentLog,
    signal: stop.signal,
    leaseMs: Number(leaseMs),
    drainMs: 200,
    lookEveryMs: 100,
    ...(inherited === undefined ? {} : { inherited }),
    onEvent: (event) => {
      if (inherited === undefined) process.stdout.write(`${event.type}\n`);
    },
  });
  await appendFile(join(folder, 'ends'), `${process.pid} ${result.error?.code ?? result.run.state}\n`);
  process.exitCode = result.exit;
} catch (error) {
  // What is said before there is anything to end: another has it, it has ended already.
  if (!isRotaError(error)) throw error;
  await appendFile(join(folder, 'ends'), `${process.pid} ${error.code}\n`);
  process.exitCode = error.exit;
}

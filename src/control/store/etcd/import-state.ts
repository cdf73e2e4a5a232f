import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import { openDates, type RunRecord, type SubjectRecord } from '../stored-records.ts';
import type { StoredThing } from '../stored-state.ts';
import type { WireOp } from './client/wire.ts';
import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { withDate } from './newest-run.ts';
import { writePointerParts } from './pointers.ts';
import { maxOps } from './transaction.ts';

/** etcd takes requests up to 1.5 MiB. */
const maxBatchBytes = 512 * 1024;

/**
 * Fills an empty place in etcd. While it goes on the place is marked, and no store is opened there; what an import left
 * that was broken off is removed first. All later tokens are higher than any before.
 */
export async function importState(db: Connection, things: Iterable<StoredThing>): Promise<number> {
  const { entries } = await db.read([{ prefix: '', limit: 1, keysOnly: true }, { key: keys.importing }]);
  const isBroken = (entries[1]?.length ?? 0) > 0;
  if (!isBroken && (entries[0]?.length ?? 0) > 0) {
    throw new RotaError(
      'STORE_IN_USE',
      `There is a run store under ${db.prefix} in etcd already: take another prefix, or remove it with \`etcdctl del --prefix ${db.prefix}\``,
    );
  }
  if (isBroken) await db.clear();
  const batch = new Batch(db);
  await batch.put(keys.importing, true);
  await batch.flush();
  const subjects: SubjectRecord[] = [];
  const runs = new Map<RunId, RunRecord>();
  let count = 0;
  for (const thing of things) {
    if (thing.kind === 'subject') subjects.push(thing.subject);
    else await importThing(batch, thing);
    if (thing.kind === 'run') runs.set(thing.run.id, thing.run);
    count++;
  }
  for (const subject of subjects) await importSubject(batch, subject, runs);
  await batch.put(keys.format, 1);
  await batch.flush();
  await db.commit({
    compare: [],
    success: [{ request_delete_range: { key: db.wireKey(keys.importing) } }],
    failure: [],
  });
  return count;
}

/** With the rest of its newest run, as a change of that run writes it. */
async function importSubject(
  batch: Batch,
  subject: SubjectRecord,
  runs: ReadonlyMap<RunId, RunRecord>,
): Promise<void> {
  const { job, subject: name, rank, rankAt } = subject;
  const newest = runs.get(subject.dates.at(-1)?.id ?? ('' as RunId));
  const dates = newest === undefined ? subject.dates : withDate(subject, newest);
  await batch.put(keys.subject(job, name), { ...subject, dates });
  const open = openDates(subject);
  if (open.length > 0) await batch.put(keys.turn(job, rank, rankAt, name), { subject: name, open });
}

async function importThing(batch: Batch, thing: Exclude<StoredThing, { kind: 'subject' }>): Promise<void> {
  switch (thing.kind) {
    case 'generation':
      return batch.put(keys.generation, thing.generation + 1);
    case 'exit':
      return batch.put(keys.exit, thing.by);
    case 'fence':
      return batch.put(keys.fence(thing.key), thing.fence);
    case 'run': {
      const { run } = thing;
      await batch.put(keys.run(run.id), run);
      await batch.put(keys.epoch(run.id), run.epoch);
      await batch.put(keys.inState(run.state, run.createdAt, run.id), run.id);
      if (run.endedAt !== undefined) await batch.put(keys.ended(run.endedAt, run.id), run.id);
      return;
    }
    case 'stage':
      return batch.put(keys.stage(thing.run, thing.epoch, thing.stage.name), thing.stage);
    case 'transition':
      return batch.put(keys.transition(thing.run, thing.number), thing.transition);
    case 'pieces': {
      for (const piece of thing.pieces) {
        await batch.put(keys.piece(thing, piece.id), piece);
        if (piece.state !== 'open') continue;
        await batch.put(keys.openPiece(thing, piece.weight, piece.position), {
          id: piece.id,
          retryAt: piece.retryAt,
        });
      }
      return batch.put(keys.cut(thing), { count: thing.pieces.length });
    }
    case 'pointer': {
      const content = await writePointerParts(thing.key, thing.json, async (key, part) => {
        await batch.put(key, part);
      });
      return batch.put(keys.pointer(thing.key), { at: thing.at, token: thing.token, ...content });
    }
    case 'due':
      return batch.put(keys.due(thing.key), thing.at);
    case 'pause':
      return batch.put(keys.pause(thing.pause.scope), thing.pause);
  }
}

/** Writes in as few requests as etcd's limits allow. */
class Batch {
  readonly #db: Connection;
  #ops: WireOp[] = [];
  #sizeBytes = 0;

  constructor(db: Connection) {
    this.#db = db;
  }

  async put(key: string, value: unknown): Promise<void> {
    const json = JSON.stringify(value);
    const sizeBytes = Buffer.byteLength(json);
    if (this.#ops.length >= maxOps || this.#sizeBytes + sizeBytes > maxBatchBytes) await this.flush();
    this.#ops.push({ request_put: { key: this.#db.wireKey(key), value: json } });
    this.#sizeBytes += sizeBytes;
  }

  async flush(): Promise<void> {
    if (this.#ops.length === 0) return;
    const success = this.#ops;
    this.#ops = [];
    this.#sizeBytes = 0;
    const { done } = await this.#db.commit({ compare: [], success, failure: [] });
    if (!done) throw new RotaError('INTERNAL', 'An import was refused though nothing was compared');
  }
}

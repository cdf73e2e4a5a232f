import { randomUUID } from 'node:crypto';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { LeaseGuard } from '../lease.ts';
import { maxPointerBytes } from '../run-store.ts';
import type { PointerRecord, RunRecord } from '../stored-records.ts';
import type { Connection, Entry } from './connection.ts';
import { keys } from './keys.ts';
import { guardedRun, guardLease, isRunLease } from './ownership.ts';
import { type Transaction, transact } from './transaction.ts';
import { smallJson } from './values.ts';
import { parseEntry } from './views.ts';

/** UTF-16 units of JSON in one key: at most 3 bytes each, within etcd's 1.5 MiB. */
const partLength = 256 * 1024;

export async function readPointer(db: Connection, key: string): Promise<unknown> {
  return transact(db, async (tx) => {
    const [pointers = []] = await tx.read([{ key: keys.pointer(key) }]);
    const [pointer] = pointers;
    return pointer === undefined ? undefined : readValue(tx, key, pointer);
  });
}

/** A large value is written in parts first, each under the guard; the one small write that names them makes it so. */
export async function commitPointer(
  db: Connection,
  p: { readonly key: string; readonly value: unknown; readonly guard: LeaseGuard },
): Promise<void> {
  const json = smallJson(p.value, `pointer ${p.key}`, maxPointerBytes) ?? 'null';
  const content = await writePointerParts(p.key, json, (key, part) =>
    transact(db, async (tx) => {
      guardLease(tx, p.guard);
      tx.put(key, part);
    }),
  );
  await transact(db, async (tx) => {
    guardLease(tx, p.guard);
    await refuseWhileToBeHeld(tx, p.guard);
    tx.put(keys.pointer(p.key), { at: tx.nowMs, token: p.guard.token, ...content } satisfies PointerRecord);
    // Parts of earlier values, also of those that were never finished.
    for (const entry of await tx.list(keys.pointerParts(p.key), { keysOnly: true })) {
      if (!entry.key.startsWith(`${keys.pointerParts(p.key)}${content.parts?.version}/`))
        tx.delete(entry.key);
    }
  });
}

/** Writes a large value in parts; the result is what the pointer itself is to hold. */
export async function writePointerParts(
  key: string,
  json: string,
  write: (key: string, part: string) => Promise<void>,
): Promise<Pick<PointerRecord, 'json' | 'parts'>> {
  if (json.length <= partLength) return { json };
  const version = randomUUID();
  const parts = split(json);
  for (const [number, part] of parts.entries()) await write(keys.pointerPart(key, version, number), part);
  return { parts: { version, count: parts.length } };
}

/** Once a person has said that the run is to be held, it publishes nothing more. */
async function refuseWhileToBeHeld(tx: Transaction, guard: LeaseGuard): Promise<void> {
  if (!isRunLease(guard)) return;
  const run = await tx.get<RunRecord>(keys.run(guardedRun(guard)));
  if (run?.request !== 'hold') return;
  throw new RotaError('RUN_HELD', `${run.id} publishes nothing more: it was ${run.requestReason ?? 'held'}`, {
    facts: { run: run.id },
  });
}

export async function listPointers(
  db: Connection,
  prefix: string,
): Promise<readonly { readonly key: string; readonly value: unknown }[]> {
  return transact(db, async (tx) => {
    const entries = await tx.list(keys.pointer(prefix));
    const found: { readonly key: string; readonly value: unknown }[] = [];
    for (const entry of entries) {
      const key = entry.key.slice(keys.pointer('').length);
      found.push({ key, value: await readValue(tx, key, entry) });
    }
    return found;
  });
}

export async function prunePointers(
  db: Connection,
  p: { readonly prefix: string; readonly writtenBefore: Date },
): Promise<void> {
  const { entries } = await db.read([{ prefix: keys.pointer(p.prefix) }]);
  for (const { key } of entries[0] ?? []) {
    await transact(db, async (tx) => {
      const pointer = await tx.get<PointerRecord>(key);
      if (pointer === undefined || pointer.at >= p.writtenBefore.getTime()) return;
      tx.delete(key);
      tx.deletePrefix(keys.pointerParts(key.slice(keys.pointer('').length)));
    });
  }
}

async function readValue(tx: Transaction, key: string, entry: Entry): Promise<unknown> {
  const pointer = parseEntry<PointerRecord>(entry);
  if (pointer?.parts === undefined) return JSON.parse(pointer?.json ?? 'null');
  const { version, count } = pointer.parts;
  const texts: string[] = [];
  for (let number = 0; number < count; number++) {
    const [parts = []] = await tx.read([{ key: keys.pointerPart(key, version, number) }]);
    const part = parseEntry<string>(parts[0]);
    if (part === undefined) {
      throw new RotaError(
        'STORE_UNREADABLE',
        `Part ${number + 1} of ${count} of the pointer ${key} is missing in etcd: restore it from a snapshot`,
      );
    }
    texts.push(part);
  }
  return JSON.parse(texts.join(''));
}

/** Never between the two halves of a character, which UTF-8 could not keep. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = Math.min(text.length, from + partLength);
    const isHalf = /[\ud800-\udbff]/.test(text[end - 1] ?? '') && end < text.length;
    const to = isHalf ? end - 1 : end;
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}

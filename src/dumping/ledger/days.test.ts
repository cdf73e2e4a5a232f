import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { applyChanges, type UnequalPage } from '../../export/changes/apply-changes.ts';
import { readChanges } from '../../export/changes/read-changes.ts';
import { LedgerEncoder } from '../../export/ledger/ledger-encoder.ts';
import type { LedgerUser } from '../../export/ledger/ledger-format.ts';
import { openLedger } from '../../export/ledger/read-ledger.ts';
import { renderHeader } from '../../export/writer/site-head.ts';
import type { PagePart } from '../../mediawiki/record/page-part.ts';
import { TemporaryFolder } from '../../mediawiki/testing/temporary-folder.ts';
import { StateComparison } from './compare-states.ts';
import { LedgerCursor } from './ledger-cursor.ts';
import { LogCauses } from './log-causes.ts';
import { DifferenceRecorder, settledChanges } from './record-differences.ts';
import { UserComparison } from './renamed-users.ts';
import { StateDigester } from './state-digester.ts';
import { type Event, eventKinds, ModelWiki, textPass } from './testing/model-wiki.ts';

const number = fc.nat(1000);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constantFrom(...eventKinds), pick: number }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('merge' as const), pick: number, other: number }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('hide' as const), pick: number, bits: fc.nat(7) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename-user' as const), pick: number }) },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: 'lose-newest' }) },
);

/** A day: what happens before its mark is taken, and after it, before the dump; and whether a full dump is made then. */
const day = fc.record({
  before: fc.array(event, { maxLength: 8 }),
  after: fc.array(event, { maxLength: 3 }),
  full: fc.boolean(),
});

async function* chunked(bytes: Buffer): AsyncGenerator<Buffer, void, void> {
  for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
}

interface Node {
  readonly ledger: Buffer;
  readonly mark: number;
}

interface Day extends Node {
  readonly records: Buffer;
  readonly xml: readonly Buffer[];
  readonly revisions: { readonly increment: readonly number[]; readonly restored: readonly number[] };
  readonly expected: Buffer;
  readonly expectedIds: ReadonlySet<number>;
}

async function digest(
  parts: readonly PagePart[],
  mark: number,
  { users, comparison }: { readonly users: readonly LedgerUser[]; readonly comparison?: StateComparison },
): Promise<Buffer> {
  const head = {
    wiki: 'w',
    job: 'changes',
    date: '20260101',
    schema: '0.11',
    mark,
    revisions: true,
    users: true,
  } as const;
  const encoder = new LedgerEncoder(head);
  const frames: Buffer[] = users.map((user) => encoder.addUser(user) ?? Buffer.alloc(0));
  encoder.endUsers();
  const add = (entry: Parameters<LedgerEncoder['add']>[0]) => {
    frames.push(encoder.add(entry) ?? Buffer.alloc(0));
  };
  const digester = new StateDigester(textPass, {
    onPage: async (page, xml, of) => comparison?.onPage(page, xml, of),
    onRevision: (revision, xml) => comparison?.onRevision(revision, xml),
    onPageEnd: async (entry) => {
      add(entry);
      await comparison?.onPageEnd(entry);
    },
  });
  for (const part of parts) await digester.add(part);
  await comparison?.finish();
  return zstd([...frames, encoder.finish()]);
}

const zstd = (frames: readonly Buffer[]): Buffer =>
  Buffer.concat(frames.filter((frame) => frame.length > 0).map((frame) => zstdDecompressSync(frame)));

const cursorOf = async (node: Node) => LedgerCursor.of(await openLedger(chunked(node.ledger), 'ledger'));

async function* usersOf(wiki: ModelWiki): AsyncGenerator<readonly LedgerUser[], void, void> {
  yield wiki.users;
}

async function makeDay(
  wiki: ModelWiki,
  bases: readonly Node[],
  mark: number,
  folder: TemporaryFolder,
): Promise<Day> {
  const [previous] = bases;
  if (previous === undefined) throw new RangeError('a day needs a base');
  const path = folder.file(`changes-${mark}-${Math.random()}`);
  const state = wiki.state((id) => id <= mark);
  using recorder = new DifferenceRecorder(path, async () => undefined);
  recorder.siteInfo(renderHeader(textPass));
  const cursors = await Promise.all(bases.map(cursorOf));
  const users = new UserComparison(cursors);
  const passed: LedgerUser[] = [];
  for await (const batch of users.pass(usersOf(wiki))) passed.push(...batch);
  for (const cursor of cursors) await cursor.advance();
  const compared = cursors.map((cursor, at) => ({ cursor, renamed: users.renamed[at] ?? new Map() }));
  const comparison = new StateComparison(compared, previous.mark, recorder);
  const ledger = await digest(state, mark, { users: passed, comparison });
  recorder.flush();
  const records: Buffer[] = [];
  for await (const portion of settledChanges(path, {
    moves: recorder.moves(),
    renamed: recorder.renamed(),
    causes: new LogCauses([]),
  }))
    records.push(portion);
  const { pages, ids } = recorder.restored;
  const restored = new Set([...ids].map((id, at) => `${pages[at]} ${id}`));
  const select = (wanted: (page: number, id: number) => boolean): PagePart[] =>
    state
      .map((part) => ({ ...part, revisions: part.revisions.filter((one) => wanted(part.page.id, one.id)) }))
      .filter((part) => part.revisions.length > 0);
  const increment = select((_, id) => id > previous.mark);
  const back = select((page, id) => restored.has(`${page} ${id}`));
  assert.deepEqual(readFileSync(path, 'utf8').startsWith('{"kind":"siteinfo"'), true);
  const idsOf = (parts: readonly PagePart[]) => parts.flatMap((part) => part.revisions.map((one) => one.id));
  return {
    ledger,
    mark,
    records: Buffer.concat(records),
    xml: [wiki.xml(increment), wiki.xml(back)],
    revisions: { increment: idsOf(increment), restored: idsOf(back) },
    expected: wiki.xml(state),
    expectedIds: new Set(idsOf(state)),
  };
}

async function apply(full: Buffer, days: readonly Day[]): Promise<{ made: Buffer; unequal: UnequalPage[] }> {
  const last = days.at(-1);
  if (last === undefined) throw new RangeError('no day');
  const made: Buffer[] = [];
  const unequal: UnequalPage[] = [];
  await applyChanges({
    full: { name: 'full', xml: chunked(full) },
    days: await Promise.all(
      days.map(async (one, at) => ({
        name: `day ${at}`,
        records: await readChanges(chunked(one.records), `day ${at}`),
        xml: one.xml.map(chunked),
      })),
    ),
    target: (await openLedger(chunked(last.ledger), 'target')).entries(),
    signal: new AbortController().signal,
    write: async (bytes) => void made.push(bytes),
    onUnequal: (page) => unequal.push(page),
  });
  return { made: Buffer.concat(made), unequal };
}

describe('days of changes', () => {
  it('applied to a full dump give the dump of the last day, whatever happened, from each full dump', async () => {
    using folder = new TemporaryFolder();
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 5, maxLength: 20 }),
        fc.array(day, { minLength: 1, maxLength: 6 }),
        async (start, life) => {
          const wiki = new ModelWiki();
          for (const one of start) wiki.happen(one);
          const full = async () => {
            const mark = wiki.greatestRevision;
            const state = wiki.state(() => true);
            return {
              xml: wiki.xml(state),
              ledger: await digest(state, mark, { users: wiki.users }),
              mark,
              days: 0,
            };
          };
          const first = await full();
          const fulls = [first];
          const days: Day[] = [];
          let previous: Node = first;
          let since: (typeof first)[] = [];
          for (const { before, after, full: makesFull } of life) {
            for (const one of before) wiki.happen(one);
            const mark = Math.max(previous.mark, wiki.greatestRevision);
            for (const one of after) wiki.happen(one);
            const bases = [previous, ...since.filter((one) => one.mark <= mark)];
            const made = await makeDay(wiki, bases, mark, folder);
            // A revision that the day before did not have is in exactly one of the two files.
            const all = [...made.revisions.increment, ...made.revisions.restored];
            assert.equal(new Set(all).size, all.length);
            for (const id of made.expectedIds) {
              if (days.at(-1)?.expectedIds.has(id) === false) assert.ok(all.includes(id));
            }
            days.push(made);
            previous = made;
            since = since.filter((one) => one.mark > mark);
            if (!makesFull) continue;
            const next = { ...(await full()), days: days.length };
            fulls.push(next);
            since.push(next);
          }
          const last = days.at(-1);
          for (const one of fulls) {
            const rest = days.slice(one.days);
            // A full dump that is newer than the mark of the next day can be brought up to date from the day after it.
            const from = rest.findIndex((next) => next.mark >= one.mark);
            if (from < 0) continue;
            const { made, unequal } = await apply(one.xml, rest.slice(from));
            assert.deepEqual(unequal, []);
            assert.equal(made.toString(), last?.expected.toString());
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tell a renamed user once, and otherwise only those of his revisions that differ in more', async () => {
    using folder = new TemporaryFolder();
    const wiki = new ModelWiki();
    for (let edit = 0; edit < 24; edit++) wiki.happen({ kind: edit < 3 ? 'create' : 'edit', pick: edit });
    const mark = wiki.greatestRevision;
    const full = { xml: wiki.xml(wiki.state(() => true)), mark };
    const ledger = await digest(
      wiki.state(() => true),
      mark,
      { users: wiki.users },
    );
    wiki.happen({ kind: 'rename-user', pick: 1 });
    // Revision 5 is of the same user: its comment is hidden, too.
    wiki.happen({ kind: 'hide', pick: 4, bits: 2 });
    const made = await makeDay(wiki, [{ ledger, mark }], mark, folder);
    const records = made.records.toString().trimEnd().split('\n');
    const told = records.map((line) => JSON.parse(line) as { readonly kind: string; readonly rev?: number });
    assert.deepEqual(
      told.map(({ kind, rev }) => [kind, rev]),
      [
        ['siteinfo', undefined],
        ['actor', undefined],
        ['rev-meta', 5],
      ],
    );
    const applied = await apply(full.xml, [made]);
    assert.deepEqual(applied.unequal, []);
    assert.equal(applied.made.toString(), made.expected.toString());
  });
});

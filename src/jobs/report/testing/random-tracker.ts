import fc from 'fast-check';

/** Tasks of a dump with random histories, in the dump's own form: few days and few seconds, so that steps collide. */

export const firstSecond = 1_700_000_000 - (1_700_000_000 % 86_400);
export const dayCount = 12;

const seconds = fc
  .tuple(fc.integer({ min: 0, max: dayCount - 1 }), fc.constantFrom(0, 1, 40_000, 86_399))
  .map(([day, second]) => firstSecond + day * 86_400 + second);
const projects = ['PHID-PROJ-a', 'PHID-PROJ-b', 'PHID-PROJ-c', 'PHID-PROJ-private'];
const columns = ['PHID-PCOL-a0', 'PHID-PCOL-a1', 'PHID-PCOL-b1', 'PHID-PCOL-gone'];
const statuses = ['open', 'stalled', 'progress', 'resolved', 'declined', 'invalid', 'duplicate', 'odd'];

type Row = readonly unknown[];

interface Step {
  readonly type: string;
  readonly at: number;
  readonly old: unknown;
  readonly new: unknown;
  readonly metadata: string;
}

const status = fc
  .record({ at: seconds, from: fc.constantFrom(null, ...statuses), to: fc.constantFrom(...statuses) })
  .map(({ at, from, to }): Step => ({ type: 'status', at, old: from, new: to, metadata: '[]' }));
const priority = fc
  .record({ at: seconds, value: fc.constantFrom(10, 50, 90, '25', '80') })
  .map(({ at, value }): Step => ({ type: 'priority', at, old: null, new: value, metadata: '[]' }));
const points = fc
  .record({ at: seconds, from: fc.constantFrom(null, 1), to: fc.constantFrom(null, 0, 0.5, 3, 8) })
  .map(({ at, from, to }): Step => ({ type: 'points', at, old: from, new: to, metadata: '[]' }));
const move = fc
  .record({
    at: seconds,
    moves: fc.array(
      fc.record({ boardPHID: fc.constantFrom(...projects), columnPHID: fc.constantFrom(...columns) }),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
  })
  .map(({ at, moves }): Step => ({ type: 'core:columns', at, old: null, new: moves, metadata: '[]' }));
const subset = fc.subarray(projects);
const bulky = (phids: readonly string[]) =>
  phids.length === 0
    ? []
    : Object.fromEntries(
        phids.map((dst) => [dst, { dst, type: '41', dateCreated: '1', seq: '0', dataID: null, data: [] }]),
      );
const edge = fc
  .record({ at: seconds, before: subset, after: subset, form: fc.constantFrom('bulky', 'bare', 'compact') })
  .map(
    ({ at, before, after, form }): Step =>
      form === 'compact'
        ? { type: 'core:edge', at, old: before, new: after, metadata: '{"edge:type":41}' }
        : // Empty on both sides nobody could tell the two forms apart; the tracker writes no such rows.
          {
            type: 'core:edge',
            at,
            old: bulky(before.length + after.length === 0 ? ['PHID-PROJ-a'] : before),
            new: bulky(after),
            metadata: form === 'bare' ? '' : '{"edge:type":41}',
          },
  );
const mention: fc.Arbitrary<Step> = seconds.map((at) => ({
  type: 'core:edge',
  at,
  old: [],
  new: ['PHID-TASK-x'],
  metadata: '{"edge:type":51}',
}));
const step: fc.Arbitrary<Step> = fc.oneof(status, priority, points, move, edge, mention);

export const randomTask: fc.Arbitrary<object> = fc
  .record({
    id: fc.integer({ min: 1, max: 999 }),
    created: seconds,
    status: fc.constantFrom(...statuses),
    points: fc.constantFrom(null, 2.0),
    steps: fc.array(step, { maxLength: 12 }),
    edges: fc.array(fc.record({ phid: fc.constantFrom(...projects), since: seconds }), { maxLength: 2 }),
  })
  .map(({ id, created, status, points, steps, edges }) => {
    const byType: Record<string, Row[]> = {};
    for (const [i, s] of steps.entries()) {
      const values = [JSON.stringify(s.old), JSON.stringify(s.new), s.metadata];
      byType[s.type] ??= [];
      byType[s.type]?.push([
        5000 + i,
        `PHID-XACT-TASK-${i}`,
        'PHID-USER-u',
        'PHID-TASK-t',
        null,
        0,
        s.type,
        ...values,
        s.at,
        s.at,
      ]);
    }
    const all = ['core:columns', 'priority', 'points', 'status', 'reassign', 'core:edge'];
    return {
      info: [
        id,
        'PHID-TASK-t',
        'PHID-USER-u',
        null,
        status,
        50,
        'A <title> "quoted" 🚀',
        created,
        created,
        -1.5,
        points,
      ],
      transactions: Object.fromEntries(all.map((type) => [type, byType[type] ?? null])),
      ...(edges.length === 0
        ? {}
        : { edge: edges.map(({ phid, since }, seq) => ['PHID-TASK-t', 41, phid, since, seq, null]) }),
    };
  });

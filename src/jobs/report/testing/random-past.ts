import fc from 'fast-check';
import type { ScopeConfig, ScopeRule } from '../../../config/scope-config.ts';
import type { TaskPast } from '../scope/scope-task.ts';

/** Pasts of tasks in days as a scope reads them from a load, and a scope whose rules they meet in every way. */

export const projects = [
  { id: 1, phid: 'PHID-PROJ-team', name: 'Team' },
  { id: 2, phid: 'PHID-PROJ-extra', name: 'Extra' },
  { id: 3, phid: 'PHID-PROJ-secret', name: 'Secret' },
  { id: 4, phid: 'PHID-PROJ-decree', name: 'Decree' },
] as const;

const rule = (kind: ScopeRule['kind'], more: Partial<ScopeRule>): ScopeRule => ({
  kind,
  title: null,
  display: 'show',
  forceResolved: false,
  projects: [],
  match: null,
  place: 'test',
  ...more,
});

export const scope: ScopeConfig = {
  name: 'team',
  title: 'Team',
  defaultPoints: null,
  startDate: null,
  zone: 'UTC',
  showPoints: true,
  showCount: true,
  resolvedCutoff: null,
  statusReport: null,
  retroactiveCategories: false,
  retroactivePoints: false,
  rules: [
    rule('ProjectByID', { title: 'Secret', projects: [3], display: 'omit' }),
    rule('ProjectByID', { title: 'Decree', projects: [4], forceResolved: true }),
    rule('ProjectColumn', { title: 'Review', projects: [1], match: 'Rev' }),
    rule('Intersection', { title: 'Both', projects: [1, 2] }),
    rule('ProjectByID', { title: 'Extra', projects: [2], display: 'hide' }),
    rule('ProjectByID', { title: 'Team', projects: [1] }),
  ],
};

/** Pasts lie between these days, the last not included. */
export const dayRange = { first: 20_000, end: 20_040 };

const { first, end } = dayRange;
const day = fc.integer({ min: first, max: end - 1 });
const statuses = ['open', 'stalled', 'progress', 'resolved', 'declined', 'duplicate'];

const spans = (max: number) =>
  fc.array(
    fc.tuple(day, day).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 })),
    { maxLength: max },
  );

export const randomPast: fc.Arbitrary<TaskPast> = fc
  .record({
    id: fc.integer({ min: 1, max: 500 }),
    created: day,
    changes: fc.array(
      fc.record({
        day,
        status: fc.constantFrom(...statuses),
        priority: fc.constantFrom(25, 50, 80),
        points: fc.constantFrom(null, 0, 0.5, 1, 3),
      }),
      { maxLength: 5 },
    ),
    memberships: fc.array(fc.tuple(fc.constantFrom(...projects), spans(2)), { minLength: 1, maxLength: 4 }),
    moves: fc.array(fc.record({ day, column: fc.constantFrom('', 'Review', 'Doing', null) }), {
      maxLength: 3,
    }),
  })
  .map(({ id, created, changes, memberships, moves }) => {
    const later = <T extends { readonly day: number }>(list: readonly T[]) =>
      [...new Map(list.filter((x) => x.day > created).map((x) => [x.day, x])).values()].sort(
        (a, b) => a.day - b.day,
      );
    const states = [{ day: created, status: 'open', priority: 50, points: null }, ...later(changes)];
    const positions = later(moves);
    const held = new Map<string, { readonly from: number; readonly to: number }>();
    // Of each project the span that comes last; a real load has none that overlap.
    for (const [{ phid }, list] of memberships) {
      for (const { from, to } of list)
        if (to > created) held.set(phid, { from: Math.max(from, created), to });
    }
    return {
      id,
      title: `Task ${id}`,
      created,
      states: states.map(({ day: from, ...state }, i) => ({
        from,
        to: states[i + 1]?.day ?? end,
        estimated: false,
        ...state,
      })),
      memberships: [...held].map(([project, span]) => ({ project, ...span })),
      positions: positions.map(({ day: from, column }, i) => ({
        from,
        to: positions[i + 1]?.day ?? end,
        board: projects[0].phid,
        column,
      })),
    };
  });

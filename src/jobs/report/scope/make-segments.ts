import type { ScopeConfig } from '../../../config/scope-config.ts';
import { statusKind } from '../history/statuses.ts';
import { type DaySet, holds } from './day-intervals.ts';
import { matchRules, unknownColumn } from './match-rules.ts';
import type { ResolvedRules } from './resolve-rules.ts';
import type { PastState, ScopeTask, Segment, TaskPast } from './scope-task.ts';

/** A category or goal above a task, and when. */
export interface AncestorDays {
  readonly id: number;
  readonly title: string;
  readonly days: DaySet;
}

export interface SegmentContext {
  readonly scope: ScopeConfig;
  readonly rules: ResolvedRules;
  /** PHIDs of the tags that have a meaning; null where the tracker has no such project. */
  readonly tags: Readonly<Record<'new' | 'maintenance' | 'category' | 'goal', string | null>>;
  /** PHIDs of what rules and tags name: other projects come and go without a difference. */
  readonly deciding: ReadonlySet<string>;
  /** Ancestors of the task with their days and titles. */
  readonly ancestors: (task: number) => readonly AncestorDays[];
}

export function decidingProjects(
  rules: ResolvedRules,
  tags: SegmentContext['tags'],
): SegmentContext['deciding'] {
  const named = [...rules.projects.map(({ phid }) => phid), ...Object.values(tags)];
  return new Set(named.filter((phid) => phid !== null));
}

/** Cuts a task's past at each day on which something changed, and says what it was in the scope in between. */
export function makeSegments(past: TaskPast, context: SegmentContext, asOf: number): ScopeTask {
  const ancestors = context.ancestors(past.id);
  const borders = new Set<number>();
  const note = (parts: readonly { readonly from: number; readonly to: number }[]) => {
    for (const { from, to } of parts) borders.add(from).add(to);
  };
  note(past.states);
  note(past.memberships.filter(({ project }) => context.deciding.has(project)));
  note(past.positions);
  for (const { days } of ancestors) note(days);
  const first = past.states[0]?.from ?? past.created;
  const days = [...borders].filter((day) => day > first && day <= asOf).sort((a, b) => a - b);
  const segments: Segment[] = [];
  for (const [i, from] of [first, ...days].entries()) {
    if (from > asOf) break;
    const to = days[i] ?? asOf + 1;
    const state = past.states.find((part) => part.from <= from && from < part.to);
    if (state === undefined) continue;
    const next = { ...onDay(past, state, from, ancestors, context), from, to };
    const last = segments.at(-1);
    if (last !== undefined && isSame(last, next)) segments[segments.length - 1] = { ...last, to };
    else segments.push(next);
  }
  const { id, title, created } = past;
  return { id, title, created, segments: rewrite(segments, context.scope) };
}

function onDay(
  past: TaskPast,
  state: PastState,
  day: number,
  ancestors: readonly AncestorDays[],
  { scope, rules, tags }: SegmentContext,
): Omit<Segment, 'from' | 'to'> {
  const projects = new Set<string>();
  for (const part of past.memberships) if (part.from <= day && day < part.to) projects.add(part.project);
  const has = (tag: string | null) => tag !== null && projects.has(tag);
  const board = rules.projects.find(({ phid }) => has(phid))?.phid ?? null;
  const column = board === null ? '' : columnOn(past, board, day);
  const kind = statusKind(state.status);
  // Declined, invalid and duplicate tasks are left out before any rule is asked.
  const isAsked = kind !== 'dropped' && board !== null;
  const titles =
    has(tags.category) || has(tags.goal)
      ? [past.title]
      : ancestors.filter(({ days }) => holds(days, day)).map(({ title }) => title);
  const match = isAsked ? matchRules({ projects, column, ancestors: titles }, rules.rules) : null;
  const rule = typeof match === 'number' ? rules.rules[match] : undefined;
  const isOmitted = rule?.rule.display === 'omit';
  const category = match === 'unknown' ? unknownColumn : isOmitted ? null : (rule?.title ?? null);
  const isForced = rule?.rule.forceResolved === true && !isOmitted;
  return {
    status: state.status,
    kind,
    estimated: state.estimated && kind === 'resolved',
    state: isForced || kind === 'resolved' ? 'resolved' : 'open',
    priority: state.priority,
    points: state.points ?? scope.defaultPoints,
    category,
    isHidden: rule?.rule.display === 'hide',
    rule: typeof match === 'number' && !isOmitted ? match : -1,
    column: column ?? unknownColumn,
    work: has(tags.new) ? 'new' : has(tags.maintenance) ? 'maintenance' : null,
  };
}

function columnOn(past: TaskPast, board: string, day: number): string | null {
  const position = past.positions.find((part) => part.board === board && part.from <= day && day < part.to);
  // Before its first move the task stands in the default column.
  return position === undefined ? '' : position.column;
}

/** The settings that let the last day hold for all days. */
function rewrite(segments: readonly Segment[], scope: ScopeConfig): readonly Segment[] {
  const last = segments.at(-1);
  if (last === undefined || last.category === null) return segments;
  if (!scope.retroactiveCategories && !scope.retroactivePoints) return segments;
  return segments.map((segment) => ({
    ...segment,
    ...(scope.retroactivePoints ? { points: last.points } : {}),
    ...(scope.retroactiveCategories && segment.category !== null
      ? { category: last.category, rule: last.rule, isHidden: last.isHidden }
      : {}),
  }));
}

function isSame(a: Segment, b: Segment): boolean {
  return (
    a.status === b.status &&
    a.state === b.state &&
    a.category === b.category &&
    a.points === b.points &&
    a.priority === b.priority &&
    a.column === b.column &&
    a.rule === b.rule &&
    a.work === b.work &&
    a.estimated === b.estimated
  );
}

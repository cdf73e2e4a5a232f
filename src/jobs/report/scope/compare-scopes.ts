import type { ScopeRule } from '../../../config/scope-config.ts';
import { dayNumber, type IsoDay } from '../model/days.ts';
import { type ScopeTask, segmentOn } from './scope-task.ts';

/** What other rules do to a scope: tasks that come into it, leave it, or change their category on a day. */
export function compareScopes(
  before: readonly ScopeTask[],
  after: readonly ScopeTask[],
  day: IsoDay,
): { readonly gained: number; readonly lost: number; readonly moved: number } {
  const categories = (tasks: readonly ScopeTask[]) =>
    new Map(
      tasks.flatMap((task) => {
        const category = segmentOn(task, dayNumber(day))?.category ?? null;
        return category === null ? [] : [[task.id, category] as const];
      }),
    );
  const [old, now] = [categories(before), categories(after)];
  let [gained, moved] = [0, 0];
  for (const [id, category] of now) {
    const was = old.get(id);
    if (was === undefined) gained += 1;
    else if (was !== category) moved += 1;
  }
  const lost = [...old.keys()].filter((id) => !now.has(id)).length;
  return { gained, lost, moved };
}

export interface RuleChange {
  readonly rule: ScopeRule;
  /** Tasks that it catches with the new rules. */
  readonly tasks: number;
  readonly gained: number;
  readonly lost: number;
  /** It is not among the new rules. */
  readonly isGone: boolean;
}

type TasksByRule = ReadonlyMap<ScopeRule, ReadonlySet<number>>;

/** What becomes of each rule: the new ones in their order, then those that are gone. Equal rules are the same rule. */
export function compareRules(
  before: { readonly rules: readonly ScopeRule[]; readonly tasks: TasksByRule },
  after: { readonly rules: readonly ScopeRule[]; readonly tasks: TasksByRule },
): readonly RuleChange[] {
  const old = new Map(before.rules.map((rule) => [sameness(rule), before.tasks.get(rule) ?? none]));
  const kept = new Set(after.rules.map(sameness));
  const changes = after.rules.map((rule) => {
    const [was, now] = [old.get(sameness(rule)) ?? none, after.tasks.get(rule) ?? none];
    return {
      rule,
      tasks: now.size,
      gained: countWithout(now, was),
      lost: countWithout(was, now),
      isGone: false,
    };
  });
  const gone = before.rules
    .filter((rule) => !kept.has(sameness(rule)))
    .map((rule) => ({ rule, tasks: 0, gained: 0, lost: before.tasks.get(rule)?.size ?? 0, isGone: true }));
  return [...changes, ...gone];
}

function countWithout(ids: ReadonlySet<number>, others: ReadonlySet<number>): number {
  return [...ids].filter((id) => !others.has(id)).length;
}

const none: ReadonlySet<number> = new Set();

/** A rule that moved in its file is still the same. */
function sameness({ place: _, ...rule }: ScopeRule): string {
  return JSON.stringify(rule);
}

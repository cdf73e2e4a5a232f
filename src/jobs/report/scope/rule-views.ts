import type { ScopeConfig, ScopeRule } from '../../../config/scope-config.ts';
import type { RuleView } from '../model/rule-view.ts';
import type { ResolvedRules } from './resolve-rules.ts';
import { type ScopeTask, segmentOn } from './scope-task.ts';

/** Ids of the tasks that are in the scope on a day, by the rule of the configuration that puts them there. */
export function tasksByRule(
  { rules }: ResolvedRules,
  tasks: readonly ScopeTask[],
  day: number,
): ReadonlyMap<ScopeRule, ReadonlySet<number>> {
  const found = new Map<ScopeRule, Set<number>>();
  for (const task of tasks) {
    const now = segmentOn(task, day);
    const rule = now?.category ? rules[now.rule]?.rule : undefined;
    if (rule === undefined) continue;
    const ids = found.get(rule) ?? new Set();
    found.set(rule, ids.add(task.id));
  }
  return found;
}

/** The scope's rules as reports show them, with how many tasks fall under each. */
export function ruleViews(
  scope: ScopeConfig,
  { rules }: ResolvedRules,
  tasks: readonly ScopeTask[],
  asOf: number,
): readonly RuleView[] {
  const counts = new Map<number, number>();
  for (const task of tasks) {
    const now = segmentOn(task, asOf);
    if (now?.category) counts.set(now.rule, (counts.get(now.rule) ?? 0) + 1);
  }
  return scope.rules.map((rule) => {
    const mine = rules.flatMap((resolved, i) =>
      resolved.rule === rule ? [{ resolved, count: counts.get(i) ?? 0 }] : [],
    );
    const projects = mine.flatMap(({ resolved }) => resolved.projects);
    return {
      kind: rule.kind,
      title: rule.title,
      display: rule.display,
      forceResolved: rule.forceResolved,
      projects:
        projects.length > 0
          ? projects.map(({ id, name }) => ({ id, name }))
          : rule.projects.map((id) => ({ id, name: null })),
      match: rule.match,
      tasks: mine.reduce((sum, { count }) => sum + count, 0),
    };
  });
}

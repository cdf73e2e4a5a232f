import type { ResolvedRule } from './resolve-rules.ts';

/** What rules look at: a task at the end of a day. */
export interface TaskOnDay {
  /** PHIDs. */
  readonly projects: ReadonlySet<string>;
  /** Of the scope's first project that the task has: empty for none or the default one, null if it cannot be known. */
  readonly column: string | null;
  /** Titles of the categories and goals above it; its own if it is one. */
  readonly ancestors: readonly string[];
}

/** The category of tasks whose column decides, but is not public or gone. */
export const unknownColumn = 'Unknown column';

/** The index of the first rule that matches; `unknown` where only an unknown column keeps one from it; null for none. */
export function matchRules(task: TaskOnDay, rules: readonly ResolvedRule[]): number | 'unknown' | null {
  let isUnknown = false;
  for (const [i, rule] of rules.entries()) {
    if (!hasProjects(task, rule)) continue;
    const match = rule.rule.match ?? '';
    switch (rule.rule.kind) {
      case 'ProjectColumn':
        if (task.column === null) isUnknown = true;
        else if (task.column !== '' && task.column.includes(match)) return i;
        break;
      case 'ParentTask':
        if (task.ancestors.some((title) => title.includes(match))) return i;
        break;
      default:
        return i;
    }
  }
  return isUnknown ? 'unknown' : null;
}

function hasProjects(task: TaskOnDay, { projects }: ResolvedRule): boolean {
  for (const { phid } of projects) if (phid === null || !task.projects.has(phid)) return false;
  return true;
}

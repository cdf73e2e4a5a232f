import type { ScopeRule } from '../../../config/scope-config.ts';
import type { TrackerProject } from '../phabricator/form/tracker-task.ts';

/** A project as a rule names it; what the tracker does not (publicly) have has no PHID. */
export interface RuleProject {
  readonly id: number;
  readonly phid: string | null;
  readonly name: string | null;
}

export interface ResolvedRule {
  readonly rule: ScopeRule;
  readonly projects: readonly RuleProject[];
  /** A wildcard stands for one rule for each project it finds; `title` is that project's. */
  readonly title: string;
}

export interface ResolvedRules {
  readonly rules: readonly ResolvedRule[];
  /** The scope's projects: those of all rules, in the order in which they are first named. */
  readonly projects: readonly RuleProject[];
  /** Rules that cannot match: each a sentence with the place of the rule. */
  readonly problems: readonly string[];
}

export function resolveRules(rules: readonly ScopeRule[], tracker: readonly TrackerProject[]): ResolvedRules {
  const byId = new Map(tracker.map((project) => [project.id, project]));
  const resolved: ResolvedRule[] = [];
  const problems: string[] = [];
  const named = (id: number): RuleProject => byId.get(id) ?? { id, phid: null, name: null };
  for (const rule of rules) {
    const found = projectsOf(rule, tracker, named);
    if (found.length === 0)
      problems.push(`${rule.place}: ${rule.kind} finds no project ${JSON.stringify(rule.match)}`);
    for (const project of found) {
      if (project.phid === null)
        problems.push(`${rule.place}: the tracker has no public project ${project.id}`);
    }
    if (rule.kind === 'ProjectsByWildcard') {
      for (const project of found) resolved.push({ rule, projects: [project], title: project.name ?? '' });
    } else if (found.length > 0) {
      resolved.push({
        rule,
        projects: found,
        title: rule.title ?? found[0]?.name ?? `Project ${found[0]?.id}`,
      });
    }
  }
  const projects = new Map<number, RuleProject>();
  for (const { projects: all } of resolved)
    for (const project of all) projects.set(project.id, projects.get(project.id) ?? project);
  return { rules: resolved, projects: [...projects.values()], problems };
}

function projectsOf(
  rule: ScopeRule,
  tracker: readonly TrackerProject[],
  named: (id: number) => RuleProject,
): readonly RuleProject[] {
  const inOrder = () => tracker.toSorted((a, b) => a.id - b.id);
  switch (rule.kind) {
    case 'ProjectByName':
      return inOrder()
        .filter((project) => project.name === rule.match)
        .slice(0, 1);
    case 'ProjectsByWildcard':
      return inOrder().filter((project) => project.name.includes(rule.match ?? ''));
    default:
      return rule.projects.map(named);
  }
}

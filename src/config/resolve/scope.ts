import type { Path } from '../faults/document.ts';
import type { ParsedScope } from '../schema/scope.ts';
import type { ScopeConfig, ScopeRule } from '../scope-config.ts';

export interface ScopeContext {
  /** Where a part of the scope stands, as `file:line`. */
  readonly placeOf: (path: Path) => string;
  readonly fault: (path: Path, message: string) => void;
}

/** A scope with its defaults; what does not fit together is reported. */
export function resolveScope(name: string, parsed: ParsedScope, context: ScopeContext): ScopeConfig {
  if (parsed.rules.length === 0) context.fault(['rules'], 'the list is empty: no task would be in the scope');
  const { statusReport, resolvedCutoff } = parsed;
  return {
    name,
    title: parsed.title,
    defaultPoints: parsed.defaultPoints ?? null,
    startDate: parsed.startDate ?? null,
    zone: parsed.zone ?? 'UTC',
    showPoints: parsed.showPoints ?? true,
    showCount: parsed.showCount ?? true,
    resolvedCutoff:
      resolvedCutoff === undefined
        ? null
        : resolvedCutoff === 'quarter'
          ? 'quarter'
          : { date: resolvedCutoff },
    statusReport:
      statusReport === undefined
        ? null
        : { project: statusReport.project, start: statusReport.start ?? null, end: statusReport.end ?? null },
    retroactiveCategories: parsed.retroactiveCategories ?? false,
    retroactivePoints: parsed.retroactivePoints ?? false,
    rules: parsed.rules.map((rule, i) => resolveRule(rule, ['rules', i], context)),
  };
}

function resolveRule(rule: ParsedScope['rules'][number], path: Path, context: ScopeContext): ScopeRule {
  const { rule: kind } = rule;
  const projects = rule.projects ?? (rule.project === undefined ? [] : [rule.project]);
  const match = rule.match ?? null;
  const fault = (message: string) => context.fault(path, `${kind}: ${message}`);
  if (rule.projects !== undefined && rule.project !== undefined) fault('give project or projects, not both');
  const isByName = kind === 'ProjectByName' || kind === 'ProjectsByWildcard';
  if (isByName) {
    if (projects.length > 0) fault('it finds projects by match; take project away');
    if (match === null || match === '') fault('match is missing: which name?');
  } else if (kind === 'Intersection') {
    if (projects.length < 2) fault('projects is missing: a list of at least two ids');
  } else {
    if (projects.length !== 1) fault('project is missing: the id of one project');
    if (kind !== 'ProjectByID' && match === null) fault('match is missing: which text?');
  }
  return {
    kind,
    title: kind === 'ProjectsByWildcard' ? null : (rule.title ?? null),
    display: rule.display ?? 'show',
    forceResolved: rule.forceStatus === 'resolved',
    projects: isByName ? [] : projects,
    match,
    place: context.placeOf(path),
  };
}

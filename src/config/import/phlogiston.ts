import { nearest } from '../../core/nearest.ts';
import { resolveScope } from '../resolve/scope.ts';
import { type ParsedScope, scopeSchema } from '../schema/scope.ts';
import { type RuleKind, ruleKinds, type ScopeConfig } from '../scope-config.ts';
import { parseCsv } from './csv.ts';
import { keysOfAll, parseIniSections } from './ini-sections.ts';

export interface PhlogistonFiles {
  readonly prefix: string;
  /** `<prefix>_scope.py` and `<prefix>_recategorization.csv`: names for messages, and contents. */
  readonly settings: { readonly file: string; readonly text: string };
  readonly rules: { readonly file: string; readonly text: string };
}

export interface ImportedScope {
  /** As it would stand in a scope file. */
  readonly parsed: ParsedScope;
  readonly scope: ScopeConfig;
  /** What has no counterpart, each with its place. */
  readonly notes: readonly string[];
  /** What cannot be taken over. */
  readonly faults: readonly string[];
}

const settingKeys = [
  'scope_title',
  'default_points',
  'start_date',
  'show_points',
  'show_count',
  'backlog_resolved_cutoff',
  'status_report_project',
  'status_report_start',
  'status_report_end',
  'retroactive_categories',
  'retroactive_points',
];
/** Stand in old files; the program itself reads them no more. */
const leftovers = ['project_list', 'status_report_range', 'scope_prefix'];
const ruleColumns = ['rule', 'title', 'display', 'id', 'matchstring', 'include_in_status', 'force_status'];

/** What was called otherwise, for faults: people look for it in their own file. */
const oldKeys: Readonly<Record<string, string>> = {
  title: 'scope_title',
  defaultPoints: 'default_points',
  startDate: 'start_date',
  resolvedCutoff: 'backlog_resolved_cutoff',
  'statusReport.project': 'status_report_project',
  'statusReport.start': 'status_report_start',
  'statusReport.end': 'status_report_end',
};

/** A scope of the earlier program, its settings and its rules, as one of Rota's. */
export function importPhlogiston({ prefix, settings, rules }: PhlogistonFiles): ImportedScope {
  const notes: string[] = [];
  const faults: string[] = [];
  const lost = (line: number) => notes.push(`${settings.file}:${line}: is no setting with a value; left out`);
  const values = keysOfAll(parseIniSections(settings.text, () => {}, lost));
  for (const [key, { line }] of values) {
    if (leftovers.includes(key))
      notes.push(`${settings.file}:${line}: ${key} has had no effect for long; left out`);
    else if (!settingKeys.includes(key)) {
      const near = nearest(key, settingKeys);
      notes.push(
        `${settings.file}:${line}: unknown setting ${key}${near === null ? '' : ` (is ${near} meant?)`}; left out`,
      );
    }
  }
  const get = (key: string): string | undefined => {
    const value = values.get(key)?.value.replace(/^(['"])(.*)\1$/, '$2');
    return value === undefined || value === '' || value === 'None' ? undefined : value;
  };
  const given = withoutUndefined({
    title: get('scope_title'),
    defaultPoints: mapped(get('default_points'), Number),
    startDate: get('start_date'),
    showPoints: mapped(get('show_points'), isTrue),
    showCount: mapped(get('show_count'), isTrue),
    resolvedCutoff: mapped(get('backlog_resolved_cutoff'), (value) =>
      ['default', 'true', 't', 'yes', '1'].includes(value.toLowerCase()) ? 'quarter' : value,
    ),
    statusReport: mapped(get('status_report_project'), (project) =>
      withoutUndefined({
        project: Number(project),
        start: get('status_report_start'),
        end: get('status_report_end'),
      }),
    ),
    retroactiveCategories: mapped(get('retroactive_categories'), isTrue),
    retroactivePoints: mapped(get('retroactive_points'), isTrue),
  });
  const lines: number[] = [];
  const list = importRules(rules, { notes, faults, lines });
  const result = scopeSchema.safeParse({ ...given, rules: list });
  if (!result.success) {
    for (const issue of result.error.issues) {
      const [first, index] = issue.path;
      const line = first === 'rules' && typeof index === 'number' ? lines[index] : undefined;
      const name = issue.path.join('.');
      const key = oldKeys[name];
      const found = key === undefined ? undefined : values.get(key);
      const place =
        line !== undefined
          ? `${rules.file}:${line}: ${name}`
          : found === undefined
            ? `${settings.file}: ${name}`
            : `${settings.file}:${found.line}: ${key}`;
      const fault = `${place}: expected ${issue.message}`;
      // A date that is none of the kinds that a setting takes is told for each of them.
      if (!faults.includes(fault)) faults.push(fault);
    }
  }
  const parsed = result.success ? result.data : { title: prefix, rules: [] };
  const place = (path: readonly (string | number)[]) =>
    typeof path[1] === 'number' ? `${rules.file}:${lines[path[1]] ?? 1}` : settings.file;
  const scope = resolveScope(prefix, parsed, {
    placeOf: place,
    fault: (path, message) => {
      if (result.success) faults.push(`${place(path)}: ${message}`);
    },
  });
  return { parsed, scope, notes, faults };
}

function importRules(
  { file, text }: PhlogistonFiles['rules'],
  { notes, faults, lines }: { notes: string[]; faults: string[]; lines: number[] },
): readonly object[] {
  const [head, ...rows] = parseCsv(text);
  const columns = (head?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  for (const column of ['rule', 'title', 'id', 'matchstring']) {
    if (!columns.includes(column)) faults.push(`${file}:1: the column ${column} is missing`);
  }
  for (const column of columns) {
    if (column !== '' && !ruleColumns.includes(column))
      notes.push(`${file}:1: unknown column ${column}; left out`);
  }
  const list: object[] = [];
  for (const { line, cells } of rows) {
    const cell = (name: string) => cells[columns.indexOf(name)]?.trim() ?? '';
    const kind = cell('rule');
    if (!isRuleKind(kind)) {
      const near = nearest(kind, ruleKinds);
      faults.push(
        `${file}:${line}: unknown rule ${JSON.stringify(kind)}${near === null ? '' : `; did you mean ${near}?`}`,
      );
      continue;
    }
    const ids = cell('id')
      .split(/[\s;]+/)
      .filter((id) => id !== '')
      .map(Number);
    // A matchstring is compared as it stands, blanks and all.
    const match = cells[columns.indexOf('matchstring')] ?? '';
    const isByName = kind === 'ProjectByName' || kind === 'ProjectsByWildcard';
    const needsMatch = isByName || kind === 'ProjectColumn' || kind === 'ParentTask';
    if (kind === 'Intersection' && ids.length > 2)
      notes.push(
        `${file}:${line}: only the first two ids had an effect; now a task needs all ${ids.length} projects`,
      );
    if (isByName && /[%_]/.test(match))
      notes.push(`${file}:${line}: % and _ stood for any text and any character; now they are themselves`);
    lines.push(line);
    list.push(
      withoutUndefined({
        rule: kind,
        title: kind === 'ProjectsByWildcard' || cell('title') === '' ? undefined : cell('title'),
        display: cell('display') === '' ? undefined : cell('display').toLowerCase(),
        projects: kind === 'Intersection' ? ids : undefined,
        project: isByName || kind === 'Intersection' ? undefined : ids[0],
        match: needsMatch ? match : undefined,
        forceStatus: cell('force_status') === '' ? undefined : cell('force_status').toLowerCase(),
      }),
    );
  }
  return list;
}

function isRuleKind(text: string): text is RuleKind {
  return (ruleKinds as readonly string[]).includes(text);
}

function isTrue(value: string): boolean {
  return ['true', 't', 'yes', '1', 'on'].includes(value.toLowerCase());
}

function mapped<T>(value: string | undefined, map: (value: string) => T): T | undefined {
  return value === undefined ? undefined : map(value);
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
}

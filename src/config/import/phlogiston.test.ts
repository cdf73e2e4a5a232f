import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from './csv.ts';
import { importPhlogiston } from './phlogiston.ts';

const files = (settings: string, rules: string) => ({
  prefix: 'web',
  settings: { file: 'web_scope.py', text: settings },
  rules: { file: 'web_recategorization.csv', text: rules },
});

test('takes over every setting and every kind of rule, in order', () => {
  const { parsed, scope, notes, faults } = importPhlogiston(
    files(
      `[vars]
# a comment
scope_title = Reading "Web"
default_points: 2
start_date = 2016-01-01
show_points = False
show_count = yes
backlog_resolved_cutoff = default
status_report_project = 483
status_report_start = 2016-07-01
retroactive_categories = True
retroactive_points = 0
project_list = 1,2
`,
      `rule,title,display,id,matchstring,include_in_status,force_status\r
ProjectByID,One,,67,,True,\r
ProjectByName,,hide,,"Web, ""big"" & more",,\r
ProjectsByWildcard,ignored,show,,Sprint_ ,,\r
Intersection,Both,omit,67 68 69,,,resolved\r
ProjectColumn,Doing,show,67,Do,,\r
ParentTask,Below,SHOW,67,Epic,,\r
`,
    ),
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(notes, [
    'web_scope.py:13: project_list has had no effect for long; left out',
    'web_recategorization.csv:4: % and _ stood for any text and any character; now they are themselves',
    'web_recategorization.csv:5: only the first two ids had an effect; now a task needs all 3 projects',
  ]);
  assert.deepEqual(
    { ...scope, rules: scope.rules.length },
    {
      name: 'web',
      title: 'Reading "Web"',
      defaultPoints: 2,
      startDate: '2016-01-01',
      zone: 'UTC',
      showPoints: false,
      showCount: true,
      resolvedCutoff: 'quarter',
      statusReport: { project: 483, start: '2016-07-01', end: null },
      retroactiveCategories: true,
      retroactivePoints: false,
      rules: 6,
    },
  );
  assert.deepEqual(
    scope.rules.map(({ kind, title, display, projects, match, forceResolved, place }) => [
      kind,
      title,
      display,
      projects.join(' '),
      match,
      forceResolved,
      place,
    ]),
    [
      ['ProjectByID', 'One', 'show', '67', null, false, 'web_recategorization.csv:2'],
      ['ProjectByName', null, 'hide', '', 'Web, "big" & more', false, 'web_recategorization.csv:3'],
      ['ProjectsByWildcard', null, 'show', '', 'Sprint_ ', false, 'web_recategorization.csv:4'],
      ['Intersection', 'Both', 'omit', '67 68 69', null, true, 'web_recategorization.csv:5'],
      ['ProjectColumn', 'Doing', 'show', '67', 'Do', false, 'web_recategorization.csv:6'],
      ['ParentTask', 'Below', 'show', '67', 'Epic', false, 'web_recategorization.csv:7'],
    ],
  );
  assert.equal(parsed.rules.length, 6);
});

test('names what it cannot take over with its line', () => {
  const { faults, notes } = importPhlogiston(
    files(
      '[vars]\nstart_date = yesterday\nscope_titel = X\ndefault_points 3\n',
      'rule,title,display,id,matchstring\nProjectById,A,,1,\nProjectByID,B,sow,2,\nProjectColumn,C,,,Do\n',
    ),
  );
  assert.deepEqual(notes, [
    'web_scope.py:4: is no setting with a value; left out',
    'web_scope.py:3: unknown setting scope_titel (is scope_title meant?); left out',
  ]);
  assert.match(
    faults.join('\n'),
    /web_recategorization\.csv:2: unknown rule "ProjectById"; did you mean ProjectByID\?/,
  );
  assert.match(faults.join('\n'), /web_scope\.py: title: expected/);
  assert.match(faults.join('\n'), /web_scope\.py:\d+: start_date: expected a date/);
  assert.match(
    faults.join('\n'),
    /web_recategorization\.csv:3: rules\.0\.display: expected one of show, hide, omit/,
  );
});

test('reads cells as spreadsheets write them', () => {
  assert.deepEqual(
    parseCsv('\uFEFFa,"b, ""c""\nd",\r\n\r\n,e"f,g').map(({ line, cells }) => [line, ...cells]),
    [
      [1, 'a', 'b, "c"\nd', ''],
      [4, '', 'e"f', 'g'],
    ],
  );
});

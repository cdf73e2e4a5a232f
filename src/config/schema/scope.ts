import * as z from 'zod';
import { isIsoDay } from '../../core/run-date.ts';
import { ruleKinds } from '../scope-config.ts';
import { zone } from './schedule.ts';
import { group, required, setting } from './setting.ts';
import { choice, count, flag, text, textOrEmpty } from './values.ts';

const dateForm = 'a date such as 2026-11-22';
const date = z
  .string({ error: dateForm })
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: dateForm })
  .refine(isIsoDay, { error: dateForm });
const projectId = count(1, 1_000_000_000);
const pointsForm = 'a number of at least 0';
const points = z.number({ error: pointsForm }).min(0, { error: pointsForm });
const cutoffForm = `${dateForm}, or quarter for the start of the current one`;

const rule = group({
  rule: required(choice(ruleKinds), 'What the rule looks at; see the guide on reports.'),
  title: setting(text, 'The category that it makes; by default the name of the project.'),
  display: setting(
    choice(['show', 'hide', 'omit']),
    'hide: in the data, not in the main charts; omit: such tasks are left out.',
    'show',
  ),
  project: setting(projectId, 'Id of the project.'),
  projects: setting(
    z.array(projectId, { error: 'a list of ids' }),
    'Ids of the projects of an Intersection.',
  ),
  match: setting(
    textOrEmpty,
    'The project’s name (ProjectByName), or the text that names, columns or titles must contain.',
  ),
  forceStatus: setting(choice(['resolved']), 'Tasks under this rule count as resolved.'),
});

/** A scope, in rota.yaml or as a file of its own. */
export const scopeSchema = group({
  title: required(text, 'What the scope is called.'),
  defaultPoints: setting(points, 'Points of tasks without any; by default they have none.'),
  startDate: setting(date, 'The first day of the reports; by default the start of the previous quarter.'),
  zone: setting(zone, 'Time zone in which days end.', 'UTC'),
  showPoints: setting(flag, 'Show charts of points.', true),
  showCount: setting(flag, 'Show charts of the number of tasks.', true),
  resolvedCutoff: setting(
    z.union([z.literal('quarter'), date], { error: cutoffForm }),
    'Leave what was resolved before this day out of the main burn-up: a date, or quarter.',
  ),
  statusReport: setting(
    group({
      project: required(projectId, 'Id of the project whose tasks it follows.'),
      start: setting(date, 'First day; by default the start of the quarter.'),
      end: setting(date, 'Last day; by default that of the report.'),
    }),
    'What became of a project’s tasks in a window.',
  ),
  retroactiveCategories: setting(flag, 'The category of the last day holds for all days.', false),
  retroactivePoints: setting(flag, 'The points of the last day hold for all days.', false),
  rules: required(
    z.array(rule, { error: 'a list of rules' }),
    'In order; the first that matches a task decides.',
  ),
});

export type ParsedScope = z.output<typeof scopeSchema>;

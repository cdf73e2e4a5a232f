import { html } from '../../../../publish/pages/html.ts';
import { csvOf, type Table } from '../../charts/table.ts';
import { addDays } from '../../model/days.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import type { Unit } from '../../model/series.ts';
import type { ReportFile } from '../report-file.ts';
import { possibilitiesText } from '../scope/rules-page.ts';

/** The downloads of the old reports and the line that an old index page includes, under their old names. */
export function* oldFiles(model: ScopeModel): Generator<ReportFile> {
  const { scope, title, asOf } = model;
  yield { path: `${scope}_category_possibilities.txt`, content: possibilitiesText(model) };
  for (const unit of ['points', 'count'] as const) {
    yield {
      path: `${scope}_maintenance_fraction_total_by_${unit}.csv`,
      content: csvOf(maintenanceTotals(model, unit)),
    };
  }
  yield {
    path: `${scope}_date_row.html`,
    content: `${html`<tr><td><a href="${scope}_report.html">${title}</a></td><td>${asOf}</td></tr>`}\n`,
  };
}

/** What was done in the last three months, by the kind of work. */
function maintenanceTotals(model: ScopeModel, unit: Unit): Table {
  const since = addDays(model.asOf, -91);
  const sums = new Map<string, number>([
    ['Maintenance', 0],
    ['New Functionality', 0],
    ['', 0],
  ]);
  for (const row of model.resolutions) {
    if (row.day <= since) continue;
    const kind = row.work === 'maintenance' ? 'Maintenance' : row.work === 'new' ? 'New Functionality' : '';
    sums.set(kind, (sums.get(kind) ?? 0) + row[unit]);
  }
  return {
    columns: [
      { key: 'maint_type', title: 'Kind', kind: 'text' },
      { key: unit, title: unit, kind: 'number' },
    ],
    rows: [...sums],
  };
}

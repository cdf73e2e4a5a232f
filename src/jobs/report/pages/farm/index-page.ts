import { type Html, html } from '../../../../publish/pages/html.ts';
import { longDate } from '../../charts/draw/dates.ts';
import { percent, quantity, unitName } from '../../charts/draw/numbers.ts';
import type { Cell } from '../../charts/table.ts';
import type { FailureKind } from '../../publishing/report-failure.ts';
import type { ReportJson, SeriesJson } from '../data/report-json.ts';
import { reportFrame } from '../frame/report-frame.ts';
import { tableHtml } from '../frame/table-html.ts';
import { presentable } from '../presentable.ts';
import type { ReportFile } from '../report-file.ts';
import { shareText } from '../scope/forecast-table.ts';

/** A scope as the pages above it know it: its newest report, and whether a newer one failed. */
export interface ScopeEntry {
  readonly scope: string;
  readonly title: string;
  /** Null when none was ever published. */
  readonly report: ReportJson | null;
  /** The folder of that report, as seen from the page: `garden/2026-11-22/`, with its slash. */
  readonly folder: string;
  /** Why there is no report of a newer day: making it failed, or it waits until somebody has looked at its data. */
  readonly failure: { readonly day: string; readonly kind: FailureKind } | null;
}

export interface GroupLink {
  readonly title: string;
  readonly href: string;
}

/** index.html of all scopes. */
export function renderIndex(given: readonly ScopeEntry[], groups: readonly GroupLink[]): ReportFile {
  const entries = presentable(given);
  const failed = entries.filter((entry) => entry.failure !== null);
  return {
    path: 'index.html',
    content: reportFrame(
      { title: 'Reports', tables: true },
      html`<header><h1>Reports</h1>
<p class="lead">${quantity(entries.length)} ${entries.length === 1 ? 'scope' : 'scopes'}: what is done, what is open, and when it may be finished.</p></header>
<main>
${groups.length > 0 && html`<nav class="tabs" aria-label="Groups">${groups.map(({ title, href }) => html`<a href="${href}"><bdi>${presentable(title)}</bdi></a>`)}</nav>`}
${failed.map(failureNotice)}
<div class="card">${scopeTable(entries)}</div>
</main>
<footer><p>Dates are of the nominal forecast and of the one that is 85 % sure; each report explains both.</p></footer>`,
    ),
  };
}

/** A report that could not be made says so where its readers look; the one before stays. */
export function failureNotice(entry: ScopeEntry): Html {
  if (entry.failure === null) return html``;
  const shows =
    entry.report === null
      ? 'There is no earlier one.'
      : `What is shown is of ${longDate(entry.report.asOf)}.`;
  const { day, kind } = entry.failure;
  const became: Readonly<Record<FailureKind, string>> = {
    failed: 'could not be made. The operators of this site know of it.',
    held: 'is held back until its data have been looked at.',
    rejected: 'was looked at, and is not published.',
  };
  const what = html`the report of ${longDate(day)} ${became[kind]}`;
  return html`<p class="notice" role="status"><strong><bdi>${entry.title}</bdi></strong>: ${what} ${shows}</p>`;
}

function scopeTable(entries: readonly ScopeEntry[]): Html {
  const rows = entries.map(({ title, report }): Cell[] => {
    if (report === null) return [title, null, null, '', 'no report yet', '', ''];
    const { unit, whole } = mainOf(report);
    return [
      title,
      whole.total === 0 ? null : whole.resolved / whole.total,
      whole.total - whole.resolved,
      unitName(unit),
      nominalText(whole),
      whole.total === 0 ? 'nothing there' : shareText(whole.monteCarlo, 2),
      report.asOf,
    ];
  });
  return tableHtml({
    label: 'All scopes',
    sortable: { id: 'scopes' },
    table: {
      columns: [
        { key: 'scope', title: 'Scope', kind: 'text' },
        { key: 'done', title: 'Done', kind: 'text' },
        { key: 'open', title: 'Open', kind: 'number' },
        { key: 'unit', title: 'Unit', kind: 'text' },
        { key: 'nominal', title: 'Nominal', kind: 'text' },
        { key: 'likely_85', title: '85 % sure', kind: 'text' },
        { key: 'as_of', title: 'As of', kind: 'day' },
      ],
      rows,
    },
    cell: (row, column) => {
      const entry = entries[row];
      const done = rows[row]?.[1];
      if (column === 0 && entry !== undefined)
        return entry.report === null
          ? undefined
          : html`<a href="${entry.folder}index.html"><bdi>${entry.title}</bdi></a>`;
      if (column === 1 && typeof done === 'number') return doneBar(done);
      return undefined;
    },
    sortBy: (row, column) => {
      const report = entries[row]?.report;
      if (report === null || report === undefined) return column === 0 ? undefined : '';
      const { whole } = mainOf(report);
      if (column === 1) return whole.total === 0 ? '' : whole.resolved / whole.total;
      if (column === 4) return whole.threePoint?.nominal.date ?? '';
      if (column === 5)
        return whole.monteCarlo.kind === 'forecast' ? (whole.monteCarlo.changing.dates[2] ?? '') : '';
      return undefined;
    },
  });
}

/** The unit that a scope's report shows first. */
export function mainOf(report: ReportJson): {
  readonly unit: 'points' | 'count';
  readonly whole: SeriesJson;
} {
  const unit = report.units[0] ?? 'count';
  return { unit, whole: report[unit].whole };
}

export function nominalText(whole: SeriesJson): string {
  if (whole.total === 0) return 'nothing there';
  if (whole.state === 'complete') return 'done';
  if (whole.state === 'unstarted') return 'Not enough velocity data';
  const date = whole.threePoint?.nominal.date ?? null;
  return date === null ? 'Never' : longDate(date);
}

function doneBar(share: number): Html {
  return html`<span class="bar"><i style="width:${Math.round(share * 100)}%"></i></span>${percent(share)}`;
}

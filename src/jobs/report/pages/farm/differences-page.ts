import { type Html, html } from '../../../../publish/pages/html.ts';
import { longDate } from '../../charts/draw/dates.ts';
import { quantity, unitName } from '../../charts/draw/numbers.ts';
import type { ReportJson } from '../data/report-json.ts';
import { reportFrame } from '../frame/report-frame.ts';
import { tableHtml } from '../frame/table-html.ts';
import { presentable } from '../presentable.ts';
import type { ReportFile } from '../report-file.ts';
import { type Difference, differencesOf, type Reason } from './differences.ts';

/**
 * The page that stands beside a day's report, which never changes, when today's data say something else of that day:
 * which numbers, and what may explain them. Null when there is nothing to say.
 */
export function renderDifferences(published: ReportJson, recomputed: ReportJson): ReportFile | null {
  const { numbers, reasons } = presentable(differencesOf(published, recomputed));
  if (numbers.length === 0) return null;
  const day = longDate(published.asOf);
  const title = presentable(published.title);
  return {
    path: `${published.asOf}-differences.html`,
    content: reportFrame(
      { title: `Differences of ${day}: ${title}`, tables: true },
      html`<header>
<nav class="crumbs" aria-label="Where this is"><a href="index.html"><bdi>${title}</bdi></a> / <a href="${published.asOf}/index.html">${day}</a></nav>
<h1>What would be different today</h1>
</header>
<main>
<p class="lead">The report of ${day} stays as it was published. From what the tracker says now, ${quantity(numbers.length)} of its numbers would be different.</p>
<p>The tracker's history of a day can change afterwards: tasks are hidden, made public, or deleted; a project is renamed or archived; and the rules of a scope are applied to all of its history.</p>
<h2>What else changed</h2>
${reasons.length === 0 ? html`<p>Neither rules nor settings nor the source: tasks changed their visibility, or their history was corrected.</p>` : html`<ul>${reasons.map((reason) => html`<li>${reasonText(reason)}</li>`)}</ul>`}
<h2>The numbers</h2>
<div class="card">${tableHtml({
        label: 'Differences',
        sortable: { id: 'differences' },
        table: {
          columns: [
            { key: 'category', title: 'Category', kind: 'text' },
            { key: 'what', title: 'What', kind: 'text' },
            { key: 'published', title: 'Published', kind: 'text' },
            { key: 'recomputed', title: 'Today', kind: 'text' },
            { key: 'difference', title: 'Difference', kind: 'number' },
          ],
          rows: numbers.map((n) => [
            n.category || 'All that is shown',
            whatText(n),
            shown(n.published),
            shown(n.recomputed),
            change(n),
          ]),
        },
      })}</div>
</main>`,
    ),
  };
}

function whatText({ what, unit }: Difference): string {
  const name = { total: 'total', resolved: 'done', nominal: 'nominal date' }[what];
  return `${name}, ${unitName(unit)}`;
}

function shown(value: string | number | null): string {
  if (value === null) return 'none';
  return typeof value === 'number' ? quantity(value) : longDate(value);
}

function change({ published, recomputed }: Difference): number | null {
  return typeof published === 'number' && typeof recomputed === 'number' ? recomputed - published : null;
}

function reasonText(reason: Reason): Html {
  switch (reason.kind) {
    case 'category-new':
      return html`The category <bdi>${reason.category}</bdi> is new.`;
    case 'category-gone':
      return html`The category <bdi>${reason.category}</bdi> is gone.`;
    case 'setting':
      return html`The setting ${settingNames[reason.name] ?? reason.name} was ${reason.published} and is ${reason.recomputed}.`;
    case 'rules':
      return html`The rules of the scope were edited.`;
    case 'start':
      return html`The history began on ${longDate(reason.published)} and begins on ${longDate(reason.recomputed)}.`;
    case 'source':
      return html`The source was of ${reason.published ?? 'an unknown time'} and is of ${reason.recomputed ?? 'an unknown time'}.`;
    case 'estimated':
      return html`${quantity(reason.published)} closures were estimated, ${quantity(reason.recomputed)} are now.`;
    case 'gone':
      return html`${quantity(reason.tasks)} tasks are gone from the source.`;
  }
}

const settingNames: Readonly<Record<string, string>> = {
  showPoints: 'show points',
  showCount: 'show count',
  resolvedCutoff: 'resolved cutoff',
  retroactiveCategories: 'retroactive categories',
  retroactivePoints: 'retroactive points',
  defaultPoints: 'default points',
};

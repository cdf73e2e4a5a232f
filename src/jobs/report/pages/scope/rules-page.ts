import { type Html, html } from '../../../../publish/pages/html.ts';
import { longDate } from '../../charts/draw/dates.ts';
import { quantity } from '../../charts/draw/numbers.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import { tableHtml } from '../frame/table-html.ts';
import { ruleText } from './rule-text.ts';

const mostPossibilities = 500;

/** How tasks find their category, in plain English, and what else rules could say. */
export function rulesBody(model: ScopeModel): Html {
  const { settings, possibilities } = model;
  const setting = (test: boolean, text: Html | string) => test && html`<li>${text}</li>`;
  return html`<p class="lead">Each task belongs to the first rule that fits it. Tasks that none fits are not in the report, nor are those that were declined, are invalid or duplicates.</p>
<div class="card"><ol class="rules">${model.rules.map((rule) => html`<li>${ruleText(rule, model.tracker)}</li>`)}</ol></div>
<h2>Settings</h2>
<ul>${setting(settings.defaultPoints !== null, html`Tasks without points count ${quantity(settings.defaultPoints ?? 0)}.`)}
${setting(settings.defaultPoints === null, 'Tasks without points count no points.')}
${setting(settings.resolvedCutoff !== null, html`What was done before ${longDate(settings.resolvedCutoff ?? model.start)} is not in the main burn-up.`)}
${setting(settings.retroactiveCategories, 'All history is shown in the categories of the last day.')}
${setting(settings.retroactivePoints, 'All history is shown with the points of the last day.')}
<li>The history begins on ${longDate(model.start)}.</li></ul>
<h2>What rules could match</h2>
<p>Projects, columns and ancestors that the tasks of this scope have: <a href="data/category-possibilities.txt">all as text</a>.</p>
<div class="card">${tableHtml({
    label: 'What rules could match',
    sortable: { id: 'possibilities' },
    table: {
      columns: [
        { key: 'kind', title: 'Kind', kind: 'text' },
        { key: 'id', title: 'Id', kind: 'number' },
        { key: 'name', title: 'Name', kind: 'text' },
        { key: 'tasks', title: 'Tasks', kind: 'number' },
      ],
      rows: possibilities
        .slice(0, mostPossibilities)
        .map(({ kind, id, name, count }) => [kind, id, name, count]),
    },
    cell: (row, column) => (column === 1 ? html`${possibilities[row]?.id}` : undefined),
  })}${possibilities.length > mostPossibilities && html`<p class="soft">${quantity(possibilities.length - mostPossibilities)} more are in the text file.</p>`}</div>`;
}

/** One possibility a line, as the old reports listed them. */
export function possibilitiesText(model: ScopeModel): string {
  return model.possibilities
    .map(({ kind, id, name, count }) => `${kind}\t${id}\t${name}\t${count}\n`)
    .join('');
}

import { type Html, html } from '../../../../publish/pages/html.ts';
import { longDate } from '../../charts/draw/dates.ts';
import { amount, percent, quantity, unitName } from '../../charts/draw/numbers.ts';
import type { Figure } from '../../charts/figure.ts';
import { moveSentence } from '../../charts/forecasts/move-bars.ts';
import { doneSentence, nominalPhrase } from '../../charts/sentences.ts';
import type { WhyMoved } from '../../forecast/why-moved.ts';
import type { Unit } from '../../model/series.ts';
import type { TaskChange } from '../../model/tasks.ts';
import { figureHtml } from '../frame/figure-html.ts';
import { taskLink } from './page-parts.ts';
import { qualityBox } from './quality-box.ts';
import type { ReportInput } from './scope-figures.ts';

/** What someone who reads one page of the report should know. */
export function overviewBody(input: ReportInput, figures: readonly Figure[]): Html {
  const { model, forecast, units } = input;
  const [unit = 'count'] = units;
  const of = forecast[unit];
  return html`<p class="lead">${doneSentence(of.whole, unit)}</p>
${tiles(input, unit)}
${figures.slice(0, 2).map((figure) => figureHtml(figure, 2))}
<section id="why-moved"><h2>Why did the date move?</h2>
<p>${moveSentence(of.whyMoved, unit)}</p>
${movedTasks(of.whyMoved, model.changes, model.tracker, unit)}</section>
<h2>Scope</h2>
${figures.slice(2).map((figure) => figureHtml(figure))}
${qualityBox(model)}`;
}

function tiles({ model, forecast }: ReportInput, unit: Unit): Html {
  const { whole } = forecast[unit];
  const now = whole.weeks.at(-1);
  const { monteCarlo } = whole;
  const sure = monteCarlo.kind === 'forecast' ? (monteCarlo.changing.dates[2] ?? null) : null;
  const noDate = monteCarlo.kind === 'forecast' ? monteCarlo.changing.noDate : 0;
  const isEmpty = now === undefined || now.total === 0;
  const nominal = isEmpty ? '' : nominalPhrase(whole);
  const velocity = now === undefined ? 0 : now.nominal.velocity;
  const tile = (name: string, value: string, note: string) =>
    html`<div class="tile"><p>${name}</p><strong>${value}</strong><p>${note}</p></div>`;
  const changes = model.changes.filter((change) => change.kind === 'resolved').length;
  return html`<div class="tiles">
${tile('Done', isEmpty ? 'nothing there' : percent(now.resolved / now.total), isEmpty ? '' : `${quantity(now.resolved)} of ${amount(now.total, unit)}`)}
${tile('Open', now === undefined ? '0' : quantity(now.total - now.resolved), `${unitName(unit)}; ${amount(changes, 'count')} done this week`)}
${tile('Nominal date', nominal.startsWith('nominal ') ? nominal.slice(8) : nominal === 'all done' ? 'all done' : 'no date', `${quantity(velocity)} a week in the last three weeks, at least 1`)}
${tile('85 % sure', isEmpty ? 'no date' : monteCarlo.kind === 'complete' ? 'all done' : sure === null ? 'no date' : longDate(sure), noDate > 0 ? `${percent(noDate)} of the paths have no date` : monteCarlo.kind === 'not-enough-data' ? 'not enough data' : monteCarlo.kind === 'no-progress' ? 'no progress' : 'by playing the last 12 weeks on')}
</div>`;
}

const kinds = [
  ['resolved', 'Done'],
  ['added', 'New scope'],
  ['reestimated', 'Re-estimated'],
  ['reopened', 'Reopened'],
  ['removed', 'Removed'],
] as const;

/** The tasks behind the move, those that did most first. */
function movedTasks(
  moved: WhyMoved,
  changes: readonly TaskChange[],
  tracker: string | null,
  unit: Unit,
): Html {
  if (moved.kind === 'not-enough-data' || changes.length === 0) return html``;
  const size = (change: TaskChange) => (unit === 'points' ? Math.abs(change.pointsDelta) : 1);
  const groups = kinds.map(([kind, name]) => {
    const tasks = changes
      .filter((change) => change.kind === kind)
      .toSorted((a, b) => size(b) - size(a) || a.id - b.id);
    if (tasks.length === 0 || (unit === 'count' && kind === 'reestimated')) return null;
    const named = tasks.slice(0, 5);
    const delta = (task: TaskChange) =>
      unit === 'points'
        ? ` (${task.pointsDelta > 0 ? '+' : task.pointsDelta < 0 ? '−' : ''}${quantity(Math.abs(task.pointsDelta))})`
        : '';
    return html`<li><strong>${name}</strong>: ${named.map((task, i) => html`${i > 0 && '; '}${taskLink(tracker, task.id)} <bdi>${shortened(task.title)}</bdi>${delta(task)}`)}${tasks.length > named.length && `; and ${tasks.length - named.length} more`}</li>`;
  });
  return html`<ul class="moved">${groups}</ul>`;
}

/** A list of several tasks in a line names them; their whole titles stand in the lists of tasks. */
function shortened(title: string): string {
  const letters = [...new Intl.Segmenter('en').segment(title)];
  if (letters.length <= 80) return title;
  return `${letters
    .slice(0, 79)
    .map(({ segment }) => segment)
    .join('')
    .trimEnd()}…`;
}

import { html } from '../../../../publish/pages/html.ts';
import type { MoveCause, WhyMoved } from '../../forecast/why-moved.ts';
import type { Unit } from '../../model/series.ts';
import { longDate, mediumDate } from '../draw/dates.ts';
import { px, quantity, unitName } from '../draw/numbers.ts';
import { type Layout, sizeOf } from '../draw/size.ts';
import { strongWidth, textWidth } from '../draw/text-width.ts';
import type { Drawing, Figure } from '../figure.ts';

type Moved = WhyMoved & { readonly kind: 'moved' };

export const causeNames: Readonly<Record<MoveCause, string>> = {
  work: 'Work done',
  added: 'New scope',
  removed: 'Scope removed',
  reestimated: 'Re-estimates',
  reopened: 'Reopened',
  pace: 'Change of pace',
};

/** What moved the expected date in a week, cause by cause. */
export function moveBars(moved: Moved, unit: Unit): Figure {
  return {
    name: `why-moved-${unit}`,
    title: `Why the expected date moved this week, by ${unitName(unit)}`,
    sentence: moveSentence(moved, unit),
    drawings: { wide: draw(moved, 'wide'), narrow: draw(moved, 'narrow') },
    table: {
      columns: [
        { key: 'cause', title: 'Cause', kind: 'text' },
        { key: 'amount', title: unit === 'points' ? 'Points' : 'Tasks', kind: 'number' },
        { key: 'days', title: 'Days later', kind: 'number' },
      ],
      rows: moved.parts.map((part) => [causeNames[part.cause], px(part.amount), px(part.days)]),
    },
  };
}

/** One sentence: whether, how far and mostly why. */
export function moveSentence(moved: WhyMoved, unit: Unit): string {
  if (moved.kind === 'not-enough-data') return 'There are too few weeks to say whether the date moved.';
  if (moved.kind === 'no-date') {
    if (moved.now !== null)
      return `At the pace of the last 12 weeks the expected date is ${longDate(moved.now)}; a week ago there was none.`;
    const before = moved.before === null ? 'as a week ago' : `a week ago it was ${longDate(moved.before)}`;
    return `At the pace of the last 12 weeks there is no expected date, ${before}: the scope grows about as fast as ${unitName(unit)} are done.`;
  }
  const days = Math.round(moved.days);
  if (days === 0)
    return `The expected date at the pace of the last 12 weeks is ${longDate(moved.now)}, as a week ago.`;
  const later = days > 0;
  const causes = moved.parts
    .filter((part) => (later ? part.days : -part.days) >= Math.max(0.5, Math.abs(days) * 0.1))
    .toSorted((a, b) => Math.abs(b.days) - Math.abs(a.days))
    .slice(0, 2)
    .map(
      (part) =>
        `${phrase(part.cause, later)} (${quantity(Math.abs(Math.round(part.days)))} ${Math.abs(Math.round(part.days)) === 1 ? 'day' : 'days'})`,
    );
  const because = causes.length === 0 ? '' : `, mostly because of ${causes.join(' and ')}`;
  return `The expected date at the pace of the last 12 weeks moved ${quantity(Math.abs(days))} ${Math.abs(days) === 1 ? 'day' : 'days'} ${later ? 'later' : 'earlier'} to ${longDate(moved.now)}${because}.`;
}

function phrase(cause: MoveCause, later: boolean): string {
  const phrases: Readonly<Record<MoveCause, readonly [later: string, earlier: string]>> = {
    work: ['less work done than usual', 'more work done than usual'],
    added: ['more new scope than usual', 'less new scope than usual'],
    removed: ['less scope removed than usual', 'scope removed'],
    reestimated: ['higher estimates', 'lower estimates'],
    reopened: ['reopened tasks', 'fewer reopened tasks than usual'],
    pace: ['a slower pace', 'a faster pace'],
  };
  return phrases[cause][later ? 0 : 1];
}

function draw(moved: Moved, layout: Layout): Drawing {
  const wide = layout === 'wide';
  const rowHeight = 30;
  const height = 30 + rowHeight * (moved.parts.length + 1);
  const size = sizeOf(layout, { wide: height, narrow: height });
  const names = Math.max(...Object.values(causeNames).map((name) => textWidth(name))) + 14;
  const room = 62;
  const sums: number[] = [0];
  for (const part of moved.parts) sums.push((sums.at(-1) ?? 0) + part.days);
  const [low, high] = [Math.min(...sums), Math.max(...sums)];
  const [left, right] = [names + room, size.width - room - (wide ? 160 : 0)];
  const scale = (days: number) => left + ((days - low) / Math.max(1, high - low)) * (right - left);
  const rows = moved.parts.map((part, i) => {
    const [from, to] = [scale(sums[i] ?? 0), scale(sums[i + 1] ?? 0)];
    const y = 24 + i * rowHeight;
    const shown = Math.round(part.days);
    const text = shown === 0 ? '0 d' : `${shown > 0 ? '+' : '−'}${quantity(Math.abs(shown))} d`;
    const later = part.days >= 0;
    return html`<text x="0" y="${y + 14}">${causeNames[part.cause]}</text><rect class="${later ? 'f-bad' : 'f-good'}" x="${px(Math.min(from, to))}" y="${y + 2}" width="${px(Math.max(1, Math.abs(to - from)))}" height="16" rx="2"/><path class="leader" d="M${px(to)},${y + 18}v${rowHeight - 16}"/><text class="${later ? '' : 'end '}soft halo" x="${px(later ? Math.max(from, to) + 6 : Math.min(from, to) - 6)}" y="${y + 14}">${text}</text>`;
  });
  const end = scale(sums.at(-1) ?? 0);
  const y = 24 + moved.parts.length * rowHeight;
  const total = `${mediumDate(moved.before)} → ${mediumDate(moved.now)}`;
  // On a phone the dates take the whole row.
  const atLeft = wide && end + 12 + strongWidth(total) > size.width;
  const dates = wide
    ? html`<path class="paper" d="M${px(end)},${y + 3}l7,7l-7,7l-7,-7z"/><text class="strong${atLeft && ' end'}" x="${px(atLeft ? end - 12 : end + 12)}" y="${y + 14.5}">${total}</text>`
    : html`<text class="strong end" x="${size.width}" y="${y + 14.5}">${total}</text>`;
  const body = html`<path class="zero" d="M${px(scale(0))},18V${wide ? y + 24 : y}"/><text class="mid soft" x="${px(scale(0))}" y="12">a week ago</text>${rows}<text class="strong" x="0" y="${y + 14}">${wide ? 'Expected date' : 'Expected'}</text>${dates}`;
  return { size, body };
}

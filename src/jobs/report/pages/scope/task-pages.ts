import { escapeMarkup, type Html, html } from '../../../../publish/pages/html.ts';
import { quantity } from '../../charts/draw/numbers.ts';
import type { Cell, Column } from '../../charts/table.ts';
import { comparePriorities } from '../../charts/work/priorities.ts';
import type { TaskRef } from '../../model/tasks.ts';
import { tableHtml } from '../frame/table-html.ts';
import { type ScopeFrame, type ScopePage, taskLink } from './page-parts.ts';

export interface TaskTable<T extends TaskRef> {
  /** The first page's path, `open-tasks.html`; further ones are `open-tasks-2.html`. */
  readonly path: string;
  readonly heading: string;
  readonly tasks: readonly T[];
  /** Above the table of the first page. */
  readonly introduction: Html;
  /** Beyond task, title, category, points and priority. */
  readonly columns: readonly { readonly column: Column; readonly value: (task: T) => Cell }[];
  readonly csv: string;
}

/** How much of a table a page holds: with its frame it stays well below 500 kB. */
const mostMarkup = 340_000;

/** A long list of tasks as pages of tables, each sortable and filterable by itself. */
export function* taskPages<T extends TaskRef>(frame: ScopeFrame, list: TaskTable<T>): Generator<ScopePage> {
  const parts = split(list.tasks);
  const paths = parts.map((_, i) => (i === 0 ? list.path : list.path.replace(/\.html$/, `-${i + 1}.html`)));
  const { tracker } = frame.model;
  for (const [i, tasks] of parts.entries()) {
    const columns: readonly Column[] = [
      { key: 'id', title: 'Task', kind: 'text' },
      { key: 'title', title: 'Title', kind: 'text' },
      { key: 'category', title: 'Category', kind: 'text' },
      { key: 'points', title: 'Points', kind: 'number' },
      { key: 'priority', title: 'Priority', kind: 'text' },
      ...list.columns.map(({ column }) => column),
    ];
    const rows = tasks.map((task) => [
      `T${task.id}`,
      task.title,
      task.category,
      task.points,
      task.priority,
      ...list.columns.map(({ value }) => value(task)),
    ]);
    const ranks = new Map(
      [...new Set(tasks.map((t) => t.priority))].sort(comparePriorities).map((p, rank) => [p, rank]),
    );
    const table = tableHtml({
      table: { columns, rows },
      label: list.heading,
      sortable: { id: 'tasks' },
      cell: (row, column) => {
        const task = tasks[row];
        return task !== undefined && column === 0 ? taskLink(tracker, task.id) : undefined;
      },
      sortBy: (row, column) => {
        const task = tasks[row];
        return column === 0
          ? task?.id
          : column === 4 && task !== undefined
            ? ranks.get(task.priority)
            : undefined;
      },
    });
    const pager =
      parts.length > 1 &&
      html`<nav class="pager" aria-label="Parts of the list">${paths.map((path, n) => html`<a href="${path}"${n === i && html` aria-current="page"`}>Part ${n + 1}</a>`)}</nav><p class="soft">Sorting and filtering see one part; all ${quantity(list.tasks.length)} tasks are in the CSV.</p>`;
    yield {
      path: paths[i] ?? list.path,
      heading: list.heading,
      tables: true,
      body: html`${i === 0 && list.introduction}<p><a href="data/${list.csv}.csv">All as CSV</a></p>${pager}${
        tasks.length > 0 ? html`<div class="card">${table}</div>` : html`<p class="card">None.</p>`
      }${pager}`,
    };
  }
}

/** Parts by the size that their markup will have, so that long or hostile titles make no page too big. */
function split<T extends TaskRef>(tasks: readonly T[]): readonly (readonly T[])[] {
  const parts: T[][] = [[]];
  let size = 0;
  for (const task of tasks) {
    const row = 420 + Buffer.byteLength(escapeMarkup(task.title + task.category));
    if (size + row > mostMarkup && size > 0) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(task);
    size += row;
  }
  return parts;
}

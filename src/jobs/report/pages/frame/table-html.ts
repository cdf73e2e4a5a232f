import { type Html, html } from '../../../../publish/pages/html.ts';
import { quantity } from '../../charts/draw/numbers.ts';
import type { Cell, Column, Table } from '../../charts/table.ts';

export interface TableOptions {
  readonly table: Table;
  /** What it is, for those who do not see it. */
  readonly label: string;
  /** Sorts and filters; the page must have the script. */
  readonly sortable?: { readonly id: string };
  /** Cells that are more than their value: links. By row and column. */
  readonly cell?: (row: number, column: number) => Html | undefined;
  /** What a cell sorts by instead of what it shows. */
  readonly sortBy?: (row: number, column: number) => string | number | undefined;
}

/** A table that scrolls by itself when it is wider than the page; the page never does. */
export function tableHtml(options: TableOptions): Html {
  const { table, label, sortable } = options;
  const attributes = sortable && html` class="sortable" id="${sortable.id}"`;
  return html`${sortable && table.rows.length > 8 && filterBox(sortable.id, label)}<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table${attributes}>
<thead><tr>${table.columns.map((column) => html`<th scope="col"${column.kind === 'number' && html` class="n"`}>${column.title}</th>`)}</tr></thead>
<tbody>
${table.rows.map((row, i) => html`<tr>${row.map((cell, j) => cellHtml(options, table.columns[j], cell, i, j))}</tr>\n`)}</tbody></table></div>`;
}

function cellHtml(options: TableOptions, column: Column | undefined, cell: Cell, i: number, j: number): Html {
  const kind = column?.kind ?? 'text';
  const sorted =
    options.sortable && (options.sortBy?.(i, j) ?? (kind === 'number' ? (cell ?? '') : undefined));
  const value =
    options.cell?.(i, j) ??
    (kind === 'text' && typeof cell === 'string' ? html`<bdi>${cell}</bdi>` : shown(cell));
  const style = kind === 'number' ? 'n' : kind === 'day' ? 'day' : column?.key === 'title' ? 't' : 't-s';
  return html`<td class="${style}"${sorted !== undefined && html` data-v="${sorted}"`}>${value}</td>`;
}

function shown(cell: Cell): string {
  return cell === null ? '' : typeof cell === 'number' ? quantity(cell) : cell;
}

function filterBox(id: string, label: string): Html {
  return html`<div class="filter" data-filter="${id}" hidden><label for="${id}-filter">Filter</label><input id="${id}-filter" type="search" aria-label="Filter: ${label}" placeholder="words of a row"><output aria-live="polite"></output></div>`;
}

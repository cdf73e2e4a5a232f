/** Data as a file and as a table of a page. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Column {
  /** In the file: lower case, `_` between words. */
  readonly key: string;
  /** In the page. */
  readonly title: string;
  readonly kind: 'text' | 'day' | 'number';
}

export type Cell = string | number | null;

/**
 * RFC 4180 with line feeds, UTF-8. A text that a spreadsheet would take for a formula gets an apostrophe before it, as
 * spreadsheets themselves write it; numbers and days need none.
 */
export function csvOf(table: Table): string {
  const lines = table.rows.map((row) => row.map((cell) => csvCell(cell)).join(','));
  return `${[table.columns.map((column) => csvCell(column.key)).join(','), ...lines].join('\n')}\n`;
}

export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe =
    /^[\s\uFEFF\u00A0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u.test(cell) || /^[\t\r\n]/.test(cell)
      ? `'${cell}`
      : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export interface CsvRow {
  /** Of its beginning, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Comma-separated values as spreadsheets write them: quotation marks around cells, doubled within, any line ends. */
export function parseCsv(text: string): readonly CsvRow[] {
  const rows: CsvRow[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|\r|$)/y;
  let cells: string[] = [];
  let line = 1;
  let begun = 1;
  const source = text.replace(/^\uFEFF/, '');
  while (cell.lastIndex < source.length) {
    const at = cell.lastIndex;
    const match = cell.exec(source);
    if (match === null) {
      // A quotation mark within a cell that has none around it: taken as it is.
      const end = source.slice(at).search(/[,\r\n]/);
      cell.lastIndex = end < 0 ? source.length : at + end;
      cells.push(source.slice(at, cell.lastIndex));
      if (source[cell.lastIndex] === ',') cell.lastIndex += 1;
      continue;
    }
    const [whole, quoted, plain = '', end = ''] = match;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += (whole.match(/\r\n|\n|\r/g) ?? []).length;
    if (end === ',' && cell.lastIndex < source.length) continue;
    if (end === ',') cells.push('');
    if (cells.some((value) => value.trim() !== '')) rows.push({ line: begun, cells });
    cells = [];
    begun = line;
  }
  return rows;
}

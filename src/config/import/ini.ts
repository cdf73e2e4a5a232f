/** Keys and values of an INI file as Python's configparser reads them: `=` or `:`, `#` and `;`, lines that go on. */
export function parseIni(
  text: string,
): ReadonlyMap<string, { readonly value: string; readonly line: number }> {
  const values = new Map<string, { value: string; line: number }>();
  let last: string | null = null;
  for (const [i, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (/^\s*([#;].*)?$/.test(line) || /^\s*\[/.test(line)) continue;
    const known: { value: string; line: number } | undefined = last === null ? undefined : values.get(last);
    if (/^\s/.test(line) && known !== undefined) {
      known.value += ` ${line.trim()}`;
      continue;
    }
    const match = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line);
    if (match === null) continue;
    const [, key = '', value = ''] = match;
    last = key.trim().toLowerCase();
    values.set(last, { value: value.trim(), line: i + 1 });
  }
  return values;
}

export interface IniValue {
  readonly value: string;
  readonly line: number;
}

export type IniSections = ReadonlyMap<string, ReadonlyMap<string, IniValue>>;

/**
 * An INI file by sections, as Python's configparser reads it: keys in lower case, `=` or `:`, whole-line comments with `#` and
 * `;`, values that go on in indented lines. Keys before the first section are under ''.
 */
export function parseIniSections(text: string): IniSections {
  const sections = new Map<string, Map<string, IniValue>>();
  let section = '';
  let last: string | null = null;
  const ofSection = (): Map<string, IniValue> => {
    const known = sections.get(section);
    if (known !== undefined) return known;
    const made = new Map<string, IniValue>();
    sections.set(section, made);
    return made;
  };
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const [, name] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (name !== undefined) {
      section = name.trim();
      last = null;
      continue;
    }
    const values = ofSection();
    const before: IniValue | undefined = last === null ? undefined : values.get(last);
    if (/^\s/.test(line) && last !== null && before !== undefined) {
      values.set(last, { ...before, value: `${before.value} ${line.trim()}` });
      continue;
    }
    const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    last = key.trim().toLowerCase();
    values.set(last, { value: value.trim(), line: index + 1 });
  }
  return sections;
}

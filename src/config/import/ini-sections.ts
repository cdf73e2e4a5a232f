export interface IniValue {
  readonly value: string;
  readonly line: number;
}

export type IniSections = ReadonlyMap<string, ReadonlyMap<string, IniValue>>;

/**
 * An INI file by sections, as Python's configparser reads it: keys in lower case, `=` or `:`, whole-line comments with `#` and
 * `;`, values that go on in indented lines. Keys before the first section are under ''.
 * @param onSection is told each section's beginning and its line, from 1
 * @param onLost is told the number of each line that is none of these
 */
export function parseIniSections(
  text: string,
  onSection: (name: string, line: number) => void = () => {},
  onLost: (line: number) => void = () => {},
): IniSections {
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
    // An indented one after a key is more of its value.
    const [, name] = (last === null ? /^\s*\[([^\]]+)\]/ : /^\[([^\]]+)\]/).exec(line) ?? [];
    if (name !== undefined) {
      section = name.trim();
      last = null;
      onSection(section, index + 1);
      continue;
    }
    const values = ofSection();
    const before: IniValue | undefined = last === null ? undefined : values.get(last);
    if (/^\s/.test(line) && last !== null && before !== undefined) {
      values.set(last, { ...before, value: `${before.value} ${line.trim()}` });
      continue;
    }
    const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      onLost(index + 1);
      continue;
    }
    last = key.trim().toLowerCase();
    values.set(last, { value: value.trim(), line: index + 1 });
  }
  return sections;
}

/** Of a file whose sections do not matter. */
export function keysOfAll(sections: IniSections): ReadonlyMap<string, IniValue> {
  return new Map([...sections.values()].flatMap((values) => [...values]));
}

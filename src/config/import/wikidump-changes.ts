import { type IniValue, parseIniSections } from './ini-sections.ts';

/** Keys that have a counterpart. */
const heeded: Readonly<Record<string, readonly string[]>> = {
  wiki: ['skipwikislist'],
  output: ['incrementalsdir', 'dumpdir', 'delay'],
  cleanup: ['keep'],
};

/** The configuration of adds/changes dumps as the jobs of rota.yaml. */
export function importChangesConf(p: {
  readonly text: string;
  /** The public tree. */
  readonly root: string;
  readonly namesIn: (found: IniValue, key: string) => readonly string[];
  readonly note: (line: number | null, text: string) => void;
  readonly needless: (line: number, text: string) => void;
}): object {
  const conf = parseIniSections(p.text);
  const find = (section: string, key: string) => conf.get(section)?.get(key);
  const number = (section: string, key: string): number | undefined => {
    const found = find(section, key);
    if (found === undefined || /^\d+$/.test(found.value)) return found && Number(found.value);
    p.note(found.line, `${key} = ${found.value} is no number and was left out`);
    return undefined;
  };
  const [keep, delaySeconds] = [number('cleanup', 'keep'), number('output', 'delay')];
  const folder = find('output', 'incrementalsdir') ?? find('output', 'dumpdir');
  const below = folder?.value.startsWith(`${p.root}/`) ? folder.value.slice(p.root.length + 1) : undefined;
  if (folder !== undefined && below === undefined) {
    p.note(
      folder.line,
      `${folder.value} is not below ${p.root}: days are published below jobs.changes.folder of the public tree`,
    );
  }
  const skipped = find('wiki', 'skipwikislist');
  if (skipped !== undefined && p.namesIn(skipped, 'skipwikislist').length > 0) {
    p.note(skipped.line, 'skipwikislist: mark these wikis as closed to leave them out of adds/changes dumps');
  }
  for (const [section, keys] of conf) {
    for (const [key, { line }] of keys) {
      if (heeded[section]?.includes(key)) continue;
      p.needless(line, `[${section}] ${key}: as in wikidump.conf, or not needed`);
    }
  }
  const daily = { schedule: '0 0 * * *' };
  return {
    'changes-mark': daily,
    changes: {
      ...daily,
      ...(below === undefined ? {} : { folder: below }),
      ...(delaySeconds === undefined ? {} : { delay: `${delaySeconds}s` }),
      ...(keep === undefined ? {} : { keep }),
    },
    'changes-index': daily,
  };
}

import { type IniSections, type IniValue, parseIniSections } from './ini-sections.ts';
import { importChangesConf } from './wikidump-changes.ts';
import { importDatabase } from './wikidump-database.ts';
import { globalSections, heededKeys, needlessKeys, sectionOf } from './wikidump-keys.ts';
import { outputsOf, splitOf } from './wikidump-outputs.ts';

/** Something that has no counterpart, or must be looked at. */
export interface WikidumpNote {
  readonly file: string;
  readonly line: number | null;
  readonly text: string;
}

export interface ImportedWikidump {
  /** What rota.yaml is to hold. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What a person must do or decide. */
  readonly notes: readonly WikidumpNote[];
  /** Keys without which things are as they were, with the reason. */
  readonly needless: readonly WikidumpNote[];
}

export interface WikidumpFiles {
  /** Name for messages, and text. */
  readonly conf: { readonly name: string; readonly text: string };
  /** Section of the conf whose keys go before the general ones (`--configfile FILE:SECTION`). */
  readonly section: string | null;
  /** The configuration of the adds/changes dumps, where there is one. */
  readonly changes: { readonly name: string; readonly text: string } | null;
  /** Files that these name: lists of wikis, the MySQL client's configuration. Null where there is none. */
  readonly read: (path: string) => string | null;
}

/** Turns a wikidump.conf (and a configuration of adds/changes dumps) into what rota.yaml holds. */
export function importWikidump(files: WikidumpFiles): ImportedWikidump {
  return new Import(files).run();
}

class Import {
  readonly #files: WikidumpFiles;
  readonly #conf: IniSections;
  readonly #notes: WikidumpNote[] = [];
  readonly #needless: WikidumpNote[] = [];

  constructor(files: WikidumpFiles) {
    this.#files = files;
    this.#conf = parseIniSections(files.conf.text);
  }

  run(): ImportedWikidump {
    this.#lookAtKeys();
    const wikis = this.#wikis();
    const fullDump = this.#fullDump(null);
    const config = {
      output: {
        public: this.#value('output', 'public') ?? '/dumps/public',
        private: this.#value('output', 'private') ?? '/dumps/private',
      },
      store: 'sqlite:./rota.db',
      ...this.#web(),
      ...this.#alerts(),
      ...this.#log(),
      wikiDefaults: importDatabase({
        find: (key) => this.#find('database', key),
        read: this.#files.read,
        note: (line, text) => this.#note(line, text),
      }),
      wikis: Object.fromEntries(wikis.map((wiki) => [wiki.name, this.#wiki(wiki)])),
      jobs: {
        'full-dump': {
          schedule: '0 2 1,20 * *',
          keep: this.#number('cleanup', 'keep') ?? 3,
          ...this.#retries(),
          ...fullDump,
        },
        ...this.#changes(),
      },
    };
    this.#note(
      null,
      'schedule: it is not in wikidump.conf; jobs.full-dump.schedule is the field’s usual 1st and 20th',
    );
    this.#note(
      null,
      'siteinfo: save api.php?action=query&meta=siteinfo&siprop=general|namespaces|namespacealiases&format=json of each wiki as siteinfo/WIKI.json, or give the address of its api.php',
    );
    return { config, notes: this.#notes, needless: this.#needless };
  }

  /** The key's value: of the chosen section, else of its own. */
  #find(section: string, key: string): IniValue | undefined {
    const chosen = this.#files.section === null ? undefined : this.#conf.get(this.#files.section)?.get(key);
    const own = this.#conf.get(section)?.get(key);
    const found = chosen ?? own;
    return found === undefined || found.value === '' ? undefined : found;
  }

  #value(section: string, key: string): string | undefined {
    return this.#find(section, key)?.value;
  }

  #number(section: string, key: string): number | undefined {
    const found = this.#find(section, key);
    if (found === undefined) return undefined;
    if (/^\d+$/.test(found.value)) return Number(found.value);
    this.#note(found.line, `${key} = ${found.value} is no number and was left out`);
    return undefined;
  }

  #note(line: number | null, text: string, file = this.#files.conf.name): void {
    this.#notes.push({ file, line, text });
  }

  #lookAtKeys(): void {
    if (this.#files.section !== null && !this.#conf.has(this.#files.section)) {
      this.#note(null, `there is no section [${this.#files.section}]`);
    }
    for (const section of globalSections) {
      for (const [key, { line }] of this.#conf.get(section) ?? []) this.#lookAtKey(section, key, line);
    }
    if (this.#files.section === null) return;
    for (const [key, { line }] of this.#conf.get(this.#files.section) ?? []) {
      this.#lookAtKey(sectionOf(key) ?? 'wiki', key, line);
    }
  }

  #lookAtKey(section: string, key: string, line: number): void {
    if (heededKeys[section]?.includes(key)) return;
    const why = needlessKeys[section]?.[key];
    if (why === undefined) this.#note(line, `[${section}] ${key} is not known and was left out`);
    else this.#needless.push({ file: this.#files.conf.name, line, text: `[${section}] ${key}: ${why}` });
  }

  #web(): object {
    const webroot = this.#value('output', 'webroot');
    return webroot === undefined ? {} : { web: { root: webroot } };
  }

  #log(): object {
    const found = this.#find('output', 'logfile');
    if (found === undefined) return {};
    this.#needless.push({
      file: this.#files.conf.name,
      line: found.line,
      text: '[output] logfile: each run has its own log; log.file is Rota’s',
    });
    return {};
  }

  #alerts(): object {
    const [to, from, server] = ['adminmail', 'mailfrom', 'smtpserver'].map((key) =>
      this.#value('reporting', key),
    );
    if (to === undefined || to === 'nomail') return {};
    if (!to.includes('@')) {
      this.#note(
        this.#find('reporting', 'adminmail')?.line ?? null,
        `adminmail = ${to} is no address and was left out`,
      );
      return {};
    }
    return { alerts: { mail: { to: [to], from: from ?? to, ...(server === undefined ? {} : { server }) } } };
  }

  #wikis(): readonly WikiEntry[] {
    const all = this.#list('wiki', 'dblist');
    const skipped = new Set(this.#list('wiki', 'skipdblist'));
    const hidden = new Set(this.#list('wiki', 'privatelist'));
    const closed = new Set(this.#list('wiki', 'closedlist'));
    const flow = this.#list('wiki', 'flowlist');
    if (flow.length > 0) {
      this.#note(
        this.#find('wiki', 'flowlist')?.line ?? null,
        `Flow boards of ${flow.length} wikis are not dumped in files of their own`,
      );
    }
    const tables = this.#find('wiki', 'tablejobs');
    if (tables !== undefined)
      this.#note(
        tables.line,
        `${tables.value}: name its tables that are not among the field’s usual ones in wikiDefaults.tables`,
      );
    const own = this.#ownSections(all);
    return all
      .filter((name) => !skipped.has(name))
      .map((name) => ({
        name,
        isPrivate: hidden.has(name),
        isClosed: closed.has(name),
        hasOwn: own.has(name),
      }));
  }

  /** Sections of single wikis; others that are neither the general ones nor chosen are named. */
  #ownSections(wikis: readonly string[]): ReadonlySet<string> {
    const own = new Set<string>();
    for (const [section, keys] of this.#conf) {
      if (globalSections.includes(section) || section === this.#files.section || section === '') continue;
      if (wikis.includes(section)) own.add(section);
      else {
        const [first] = keys.values();
        this.#note(
          first?.line ?? null,
          `the section [${section}] is no wiki’s: import it by itself with --section ${section}`,
        );
      }
    }
    return own;
  }

  #wiki(wiki: WikiEntry): object {
    const own = wiki.hasOwn ? this.#fullDump(wiki.name) : {};
    return {
      ...(wiki.isPrivate ? { private: true } : {}),
      ...(wiki.isClosed ? { closed: true } : {}),
      ...(Object.keys(own).length === 0 ? {} : { 'full-dump': own }),
    };
  }

  /** Settings of the full dump, or those that a wiki's section changes. */
  #fullDump(wiki: string | null): Record<string, unknown> {
    const section = wiki === null ? null : this.#conf.get(wiki);
    const find = (of: string, key: string) =>
      section === undefined || section === null ? this.#find(of, key) : section.get(key);
    if (section !== null && section !== undefined) {
      for (const [key, { line }] of section) this.#lookAtKey(sectionOf(key) ?? 'wiki', key, line);
    }
    const skipJobs = wiki === null ? this.#find('misc', 'skipjobs') : undefined;
    const note = (line: number | null, text: string) => this.#note(line, text);
    return { ...outputsOf({ find, isWhole: wiki === null, skipJobs, note }), ...splitOf(find, note) };
  }

  #changes(): object {
    const { changes } = this.#files;
    if (changes === null) return {};
    return importChangesConf({
      text: changes.text,
      root: this.#value('output', 'public') ?? '/dumps/public',
      namesIn: (found, key) => this.#namesIn(found, key, changes.name),
      note: (line, text) => this.#note(line, text, changes.name),
      needless: (line, text) => this.#needless.push({ file: changes.name, line, text }),
    });
  }

  #retries(): object {
    if (this.#value('misc', 'fixeddumporder') === '1') {
      this.#note(
        this.#find('misc', 'fixeddumporder')?.line ?? null,
        'fixeddumporder: the wiki whose dump is oldest is always next',
      );
    }
    const times = this.#number('misc', 'maxretries');
    return times === undefined ? {} : { retries: { times } };
  }

  #list(section: string, key: string): readonly string[] {
    const found = this.#find(section, key);
    if (found === undefined) {
      if (key === 'dblist') this.#note(null, '[wiki] dblist is missing: no wiki was taken over');
      return [];
    }
    return this.#namesIn(found, key, this.#files.conf.name);
  }

  #namesIn(found: IniValue, key: string, file: string): readonly string[] {
    const names: string[] = [];
    for (const path of found.value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')) {
      const text = this.#files.read(path);
      if (text === null) {
        this.#note(found.line, `${key}: ${path} cannot be read`, file);
        continue;
      }
      for (const line of text.split(/\r\n|\n|\r/)) {
        const name = line.replace(/#.*/, '').trim();
        if (name === '' || names.includes(name)) continue;
        if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) names.push(name);
        else
          this.#note(
            null,
            `${JSON.stringify(name)} in ${path} cannot be the name of a wiki and was left out`,
            file,
          );
      }
    }
    return names;
  }
}

interface WikiEntry {
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isClosed: boolean;
  readonly hasOwn: boolean;
}

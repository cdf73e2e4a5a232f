import { type IniValue, parseIniSections } from './ini-sections.ts';

/** Where the databases are, as the MySQL client's configuration says; the password is never copied. */
export function importDatabase(p: {
  /** A key of the section [database]. */
  readonly find: (key: string) => IniValue | undefined;
  readonly read: (path: string) => string | null;
  readonly note: (line: number | null, text: string) => void;
}): object {
  const file = p.find('client_config_file');
  const client = file === undefined ? null : p.read(file.value);
  if (file !== undefined && client === null) {
    p.note(file.line, `${file.value} cannot be read: complete wikiDefaults.database`);
  }
  const options = client === null ? undefined : parseIniSections(client).get('client');
  const of = (key: string) => options?.get(key)?.value.replace(/^(["'])(.*)\1$/, '$2');
  const user = of('user') ?? p.find('user')?.value ?? 'reader';
  const server = p.find('server')?.value;
  const host = of('host') ?? server ?? 'localhost';
  const port = of('port') ?? p.find('port')?.value;
  const socket = of('socket');
  if (of('password') !== undefined || p.find('password') !== undefined) {
    p.note(
      file?.line ?? null,
      'the password is not copied: write it into ./database.password, readable by its owner only',
    );
  }
  if (client === null && server === undefined) {
    p.note(
      null,
      'which server a wiki is on is not in wikidump.conf: set wikiDefaults.database, and `database` of wikis that are elsewhere',
    );
  }
  const at = `${host}${port === undefined ? '' : `:${port}`}`;
  const query = socket === undefined ? '' : `?socket=${encodeURI(socket)}`;
  return {
    database: `mysql://${encodeURIComponent(user)}@${at}/{wiki}${query}`,
    passwordFile: './database.password',
    siteinfo: './siteinfo/{wiki}.json',
  };
}

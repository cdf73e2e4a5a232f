import { parse } from 'yaml';
import { parseIniSections } from './ini-sections.ts';

/** The files of a repository's `scap` folder, by paths relative to it; null where there is none. */
export type ReadScapFile = (path: string) => string | null;

/** Something that has no counterpart, or must be looked at. */
export interface ScapNote {
  readonly file: string;
  readonly line: number | null;
  readonly text: string;
}

export interface ImportedEnvironment {
  readonly name: string;
  /** One entry of `environments:`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly notes: readonly ScapNote[];
}

type Values = Map<string, { readonly value: string; readonly line: number; readonly file: string }>;

interface ScapCheck {
  readonly type?: string;
  readonly command?: string;
  readonly after?: string;
  readonly before?: string;
  readonly stage?: string;
  readonly group?: string;
  readonly timeout?: number;
}

/** Keys that are heeded below. */
const known = new Set([
  'git_repo',
  'git_deploy_dir',
  'ssh_user',
  'dsh_targets',
  'server_groups',
  'batch_size',
  'promote_batch_size',
  'group_size',
  'failure_limit',
  'cache_revs',
  'service_name',
  'service_timeout',
  'service_port',
]);

/** Keys that say what holds in Rota anyway, or mean nothing there. */
const needless = new Set([
  'git_server',
  'git_scheme',
  'git_submodules',
  'git_upstream_submodules',
  'git_rev',
  'git_repo_user',
  'lock_file',
  'tags_to_keep',
  'require_valid_service',
  'keyholder_key',
]);

/** Turns the configuration of `scap deploy` for one environment (null: the repository's own) into Rota's. */
export function importScap(
  read: ReadScapFile,
  environment: string | null,
  source: string,
): ImportedEnvironment {
  const notes: ScapNote[] = [];
  const folders = environment === null ? [''] : ['', `environments/${environment}/`];
  const values: Values = new Map();
  for (const folder of folders) readConfig(read, `${folder}scap.cfg`, values, notes);
  const value = (key: string) => values.get(key)?.value;
  const repository = value('git_repo') ?? '';
  const groups = groupsOf(read, values, folders.toReversed(), notes);
  const user = value('ssh_user');
  const named = (host: string) => (user === undefined ? host : { name: host, address: `${user}@${host}` });
  const keep = numberOf(values, 'cache_revs', notes);
  const restart = restartOf(values, notes);
  const checks = folders.reduce<readonly Readonly<Record<string, unknown>>[]>(
    (before, folder) => merged(before, readChecks(read, `${folder}checks.yaml`, folder, notes)),
    [],
  );
  for (const [key, { line, file }] of values) {
    const isGroupKey = /_(?:dsh_targets|group_size|batch_size|failure_limit)$/.test(key);
    if (known.has(key) || needless.has(key) || isGroupKey) continue;
    notes.push({ file, line, text: `${key} has no counterpart` });
  }
  for (const folder of folders) {
    const file = `${folder}config-files.yaml`;
    if (read(file) !== null)
      notes.push({
        file,
        line: null,
        text: 'templates are written otherwise in Rota: see files and secrets',
      });
  }
  return {
    name: environment ?? (repository.split('/').at(-1) || 'production').replace(/[^A-Za-z0-9_-]/g, '-'),
    settings: {
      source,
      path: `${value('git_deploy_dir') ?? '/srv/deployment'}/${repository}`.replace(/\/+$/, ''),
      hosts: groups.flatMap((group) => group.hosts.map(named)),
      groups: groups.map(({ hosts, ...rest }) => ({ ...rest, hosts })),
      ...(keep === null ? {} : { keep: Math.max(2, keep) }),
      ...(restart === null ? {} : { restart }),
      ...(checks.length === 0 ? {} : { checks }),
    },
    notes,
  };
}

function readConfig(read: ReadScapFile, file: string, values: Values, notes: ScapNote[]): void {
  const text = read(file);
  if (text === null) return;
  const sections = parseIniSections(text, (name, line) => {
    if (name === 'global') return;
    // For deploy hosts of one domain.
    notes.push({ file, line, text: `section [${name}] is for some hosts only: left out` });
  });
  for (const name of ['', 'global']) {
    for (const [key, found] of sections.get(name) ?? []) values.set(key, { ...found, file });
  }
}

interface Group {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly batch?: number;
  readonly failureLimit?: number | string;
}

function groupsOf(
  read: ReadScapFile,
  values: Values,
  folders: readonly string[],
  notes: ScapNote[],
): readonly Group[] {
  const names = (values.get('server_groups')?.value ?? 'default').split(',').map((name) => name.trim());
  const taken = new Set<string>();
  const groups = names.map((name): Group => {
    const prefix = name === 'default' ? '' : `${name}_`;
    const given = values.get(`${prefix}dsh_targets`);
    const hosts = hostsOf(read, given, folders, notes).filter((host) => !taken.has(host));
    for (const host of hosts) taken.add(host);
    const own = (key: string) => (values.has(`${prefix}${key}`) ? `${prefix}${key}` : key);
    const sizes = [own('group_size'), own('batch_size'), 'promote_batch_size']
      .map((key) => numberOf(values, key, notes))
      .filter((size) => size !== null);
    const limit = values.get(own('failure_limit'))?.value;
    return {
      name: name.replace(/[^A-Za-z0-9_-]/g, '-'),
      hosts,
      ...(sizes.length === 0 ? {} : { batch: Math.max(1, Math.min(...sizes)) }),
      ...(limit === undefined ? {} : { failureLimit: /^\d+$/.test(limit) ? Number(limit) : limit }),
    };
  });
  return groups.filter((group) => group.hosts.length > 0);
}

function hostsOf(
  read: ReadScapFile,
  given: { readonly value: string; readonly line: number; readonly file: string } | undefined,
  folders: readonly string[],
  notes: ScapNote[],
): readonly string[] {
  if (given === undefined) return [];
  const places = given.value.startsWith('/')
    ? [given.value]
    : [...folders.map((folder) => `${folder}${given.value}`), `/etc/dsh/group/${given.value}`];
  const text = places.map(read).find((found) => found !== null);
  if (text === undefined || text === null) {
    notes.push({ file: given.file, line: given.line, text: `the hosts in ${given.value} could not be read` });
    return [];
  }
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

function restartOf(values: Values, notes: ScapNote[]) {
  const services = values.get('service_name');
  if (services === undefined) return null;
  const commands = services.value.split(',').map((part) => {
    const [name = '', how = 'restart'] = part.trim().split('=');
    const [verb = 'restart', where] = how.split(':');
    if (where !== undefined)
      notes.push({ ...services, text: `${part.trim()}: what holds on secondary hosts only is left out` });
    return `sudo -n systemctl ${verb} '${name.replaceAll("'", "'\\''")}'`;
  });
  const port = values.get('service_port');
  if (port !== undefined)
    notes.push({ ...port, text: 'service_port is waited for: add a check of that port' });
  const timeout = numberOf(values, 'service_timeout', notes);
  return { command: commands.join(' && '), ...(timeout === null ? {} : { timeout: `${timeout}s` }) };
}

function numberOf(values: Values, key: string, notes: ScapNote[]): number | null {
  const found = values.get(key);
  if (found === undefined) return null;
  if (/^\d+$/.test(found.value)) return Number(found.value);
  notes.push({ ...found, text: `${key} is no whole number: ${found.value}` });
  return null;
}

function readChecks(
  read: ReadScapFile,
  file: string,
  folder: string,
  notes: ScapNote[],
): readonly Readonly<Record<string, unknown>>[] {
  const text = read(file);
  if (text === null) return [];
  const left = (name: string, why: string) => {
    const line = text.split('\n').findIndex((one) => one.trim().startsWith(`${name}:`));
    notes.push({ file, line: line < 0 ? null : line + 1, text: `check ${name}: ${why}` });
  };
  let given: unknown;
  try {
    given = (parse(text) as { readonly checks?: unknown } | null)?.checks;
  } catch (error) {
    notes.push({ file, line: null, text: `cannot be read: ${(error as Error).message.split('\n')[0]}` });
    return [];
  }
  return Object.entries((given ?? {}) as Readonly<Record<string, ScapCheck>>).flatMap(([name, check]) => {
    const { type = 'command', command = '', group, timeout = 30 } = check;
    const after = check.after ?? check.stage;
    if (after !== 'promote' && after !== 'handle_service' && after !== 'restart_service') {
      left(
        name,
        `is asked ${check.before === undefined ? `after ${after}` : `before ${check.before}`}; Rota asks after the switch`,
      );
      return [];
    }
    if (type !== 'command' && type !== 'script') {
      left(name, `a check of the type ${type} has no counterpart: write its command`);
      return [];
    }
    const what = type === 'command' ? { command } : { script: `./scap/${folder}scripts/${command}` };
    return [
      {
        name,
        ...what,
        timeout: `${timeout}s`,
        ...(group === undefined ? {} : { groups: [group.replace(/[^A-Za-z0-9_-]/g, '-')] }),
      },
    ];
  });
}

/** What an environment says of a check takes the place of what the repository says of one with the same name. */
function merged(
  before: readonly Readonly<Record<string, unknown>>[],
  own: readonly Readonly<Record<string, unknown>>[],
): readonly Readonly<Record<string, unknown>>[] {
  const names = new Set(own.map((check) => check.name));
  return [...before.filter((check) => !names.has(check.name)), ...own];
}

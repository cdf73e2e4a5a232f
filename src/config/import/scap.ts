import { parseIniSections } from './ini-sections.ts';
import { merged, readChecks } from './scap-checks.ts';
import { groupsOf } from './scap-groups.ts';
import { asName, numberOf, type ReadScapFile, type ScapNote, type Values } from './scap-values.ts';

export type { ReadScapFile, ScapNote } from './scap-values.ts';

export interface ImportedEnvironment {
  readonly name: string;
  /** One entry of `environments:`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly notes: readonly ScapNote[];
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

const unknownPlace = { file: 'scap.cfg', line: null };

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
  const place = (...keys: readonly string[]) => {
    const { file, line } =
      keys.map((key) => values.get(key)).find((one) => one !== undefined) ?? unknownPlace;
    return { file, line };
  };
  const repository = value('git_repo') ?? '';
  const groups = groupsOf(read, values, folders.toReversed(), notes);
  const path = `${value('git_deploy_dir') ?? '/srv/deployment'}/${repository}`.replace(/\/+$/, '');
  if (repository === '')
    notes.push({ file: 'scap.cfg', line: null, text: 'git_repo is missing: the path is to be looked at' });
  else if (!/^(?:\/[^/\p{Cc}]+)+$/u.test(path) || /\/\.\.?(?:\/|$)/.test(path))
    notes.push({
      ...place('git_deploy_dir', 'git_repo'),
      text: `${path} is no path on a host: put the right one`,
    });
  const user = value('ssh_user');
  // A host that brings its own user keeps it.
  const nameOf = (host: string) => host.slice(host.lastIndexOf('@') + 1);
  const named = (host: string) => {
    if (host.includes('@')) return { name: nameOf(host), address: host };
    return user === undefined ? host : { name: host, address: `${user}@${host}` };
  };
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
    name: asName(environment ?? (repository.split('/').at(-1) || 'production')),
    settings: {
      source,
      path,
      hosts: groups.flatMap((group) => group.hosts.map(named)),
      groups: groups.map(({ hosts, ...rest }) => ({ ...rest, hosts: hosts.map(nameOf) })),
      ...(keep === null ? {} : { keep: Math.max(2, keep) }),
      ...(restart === null ? {} : { restart }),
      ...(checks.length === 0 ? {} : { checks }),
    },
    notes: eachOnce(notes),
  };
}

/** What holds for several groups is looked at for each. */
function eachOnce(notes: readonly ScapNote[]): readonly ScapNote[] {
  const key = ({ file, line, text }: ScapNote) => `${file}:${line}: ${text}`;
  return [...new Map(notes.map((note) => [key(note), note])).values()];
}

function readConfig(read: ReadScapFile, file: string, values: Values, notes: ScapNote[]): void {
  const text = read(file);
  if (text === null) return;
  const sections = parseIniSections(
    text,
    (name, line) => {
      if (name === 'global') return;
      // For deploy hosts of one domain.
      notes.push({ file, line, text: `section [${name}] is for some hosts only: left out` });
    },
    (line) => notes.push({ file, line, text: 'is neither a section nor a key with a value: left out' }),
  );
  for (const name of ['', 'global']) {
    for (const [key, found] of sections.get(name) ?? []) values.set(key, { ...found, file });
  }
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

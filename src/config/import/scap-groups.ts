import { asName, numberOf, type ReadScapFile, type ScapNote, type Values } from './scap-values.ts';

interface Group {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly batch?: number;
  readonly failureLimit?: number | string;
}

/** As `hosts` takes them. Nothing that ssh could take for an option, and no second word on the line. */
const hostForm = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9_][A-Za-z0-9_.:-]{0,199}$/;
const limitForm = /^(?:\d{1,6}|\d{1,2}(?:\.\d+)?%|100%)$/;

/** The groups in their order, each host in the first that names it. What cannot be taken over goes to the notes. */
export function groupsOf(
  read: ReadScapFile,
  values: Values,
  folders: readonly string[],
  notes: ScapNote[],
): readonly Group[] {
  const list = values.get('server_groups') ?? { value: 'default', file: 'scap.cfg', line: null };
  const names = new Set(list.value.split(',').map((name) => name.trim()));
  const taken = new Set<string>();
  const called = new Set<string>();
  const groups = [...names].map((given): Group => {
    const prefix = given === 'default' ? '' : `${given}_`;
    const own = (key: string) => (values.has(`${prefix}${key}`) ? `${prefix}${key}` : key);
    const targets = values.get(`${prefix}dsh_targets`);
    if (targets === undefined)
      notes.push({
        file: list.file,
        line: list.line,
        text: `group ${given}: no ${prefix}dsh_targets names its hosts`,
      });
    const hosts = targets === undefined ? null : hostsOf(read, targets, folders, notes);
    const free = [...new Set(hosts ?? [])].filter((host) => !taken.has(host));
    for (const host of free) taken.add(host);
    if (targets !== undefined && hosts !== null && free.length === 0)
      notes.push({
        file: targets.file,
        line: targets.line,
        text: `group ${given} has no host of its own: left out`,
      });
    const sizes = [own('group_size'), own('batch_size'), 'promote_batch_size']
      .map((key) => numberOf(values, key, notes))
      .filter((size) => size !== null);
    const name = asName(given);
    if (free.length > 0 && called.has(name))
      notes.push({
        file: list.file,
        line: list.line,
        text: `two groups come to be called ${name}: name one otherwise`,
      });
    if (free.length > 0) called.add(name);
    return {
      name,
      hosts: free,
      ...(sizes.length === 0 ? {} : { batch: Math.min(10_000, Math.max(1, Math.min(...sizes))) }),
      ...limitOf(values, own('failure_limit'), notes),
    };
  });
  return groups.filter((group) => group.hosts.length > 0);
}

function limitOf(values: Values, key: string, notes: ScapNote[]): Pick<Group, 'failureLimit'> {
  const found = values.get(key);
  if (found === undefined) return {};
  const { value, file, line } = found;
  if (limitForm.test(value)) return { failureLimit: value.endsWith('%') ? value : Number(value) };
  notes.push({ file, line, text: `${key} is neither a number of hosts nor a share such as 5%: ${value}` });
  return {};
}

function hostsOf(
  read: ReadScapFile,
  given: { readonly value: string; readonly line: number; readonly file: string },
  folders: readonly string[],
  notes: ScapNote[],
): readonly string[] | null {
  const places = given.value.startsWith('/')
    ? [given.value]
    : [...folders.map((folder) => `${folder}${given.value}`), `/etc/dsh/group/${given.value}`];
  for (const place of places) {
    const text = read(place);
    if (text !== null) return hostsIn(text.replace(/^\uFEFF/, ''), place, notes);
  }
  notes.push({ file: given.file, line: given.line, text: `the hosts in ${given.value} could not be read` });
  return null;
}

function hostsIn(text: string, file: string, notes: ScapNote[]): readonly string[] {
  return text.split('\n').flatMap((whole, index) => {
    const host = whole.replace(/#.*/, '').trim();
    if (host === '') return [];
    if (hostForm.test(host)) return [host];
    notes.push({ file, line: index + 1, text: `is no host's name, left out: ${host.slice(0, 80)}` });
    return [];
  });
}

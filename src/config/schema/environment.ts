import * as z from 'zod';
import { mailAddress } from './alerts.ts';
import { deployCheck } from './environment-checks.ts';
import { contentSettings, variables } from './environment-content.ts';
import { poolName, pools } from './environment-pools.ts';
import { recipeSettings } from './environment-recipe.ts';
import { transfer } from './environment-transfer.ts';
import { group, named, required, setting } from './setting.ts';
import { choice, count, duration, flag, httpUrl, listOf, path, share, text, timeLimit } from './values.ts';

const environmentForm = 'a name of letters, digits, "_" and "-"';
/** The name becomes part of run ids and paths. */
export const environmentName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, { error: environmentForm });

const hostForm = 'a host name (user@host), or local: and a folder';
/** What ssh is given as the destination; it may never look like an option. */
const destination = z
  .string({ error: hostForm })
  .regex(/^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9_[][A-Za-z0-9_.:[\]-]*$/, { error: hostForm });
const localFolder = z.string({ error: hostForm }).regex(/^local:./, { error: hostForm });
const hostName = z.string({ error: hostForm }).regex(/^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,199}$/, {
  error: 'a name of letters, digits, ".", "_", ":" and "-"',
});

const host = z.union(
  [
    localFolder,
    destination,
    group({
      name: required(hostName, 'How the host is called in messages and groups.'),
      address: setting(
        z.union([localFolder, destination], { error: hostForm }),
        'As for the short form; by default the name.',
      ),
      root: setting(path, 'A folder on the host that stands before `path`.'),
      vars: setting(variables, 'Variables of templates for this host.'),
      rack: setting(text, 'Where it stands: relays of the same rack are asked first.'),
    }),
  ],
  { error: hostForm },
);

const addressForm = 'a host name with {host}, or local: and a folder with {host}';
const hostsOfPool = group({
  pool: required(
    z.union([poolName, z.array(poolName).min(1)], { error: 'a pool as <dc>/<cluster>/<service>, or a list' }),
    'Its hosts, but for those that are `inactive`. The etcd is the one of `pools`.',
  ),
  address: setting(
    z
      .string({ error: addressForm })
      .regex(/^(?:local:[^\p{Cc}]*|(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?)\{host\}[^\p{Cc}]*$/u, {
        error: addressForm,
      }),
    'How such a host is reached; `{host}` stands for its name in the pool.',
    '{host}',
  ),
});

/** An absolute path on a target: it stands in symbolic links and in what shells are told. */
const targetPath = z
  .string({ error: 'an absolute path' })
  // No control characters: programs on the target answer in lines.
  .regex(/^(?:\/[^/\p{Cc}]+)+$/u, { error: 'an absolute path without a slash at the end' })
  .refine((value) => !value.split('/').some((part) => part === '.' || part === '..'), {
    error: 'an absolute path without . and ..',
  })
  .meta({ kind: 'path' });

const relayForm = 'a host and a port, such as irc.example.org:9200';
const relay = z.string({ error: relayForm }).regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, { error: relayForm });

const limitForm = 'a number of hosts, or a share such as 5%';

const pauseForm = 'none, ask, or a duration such as 10m';

const hostGroup = group({
  name: required(text, 'How the group is called.'),
  hosts: setting(listOf(text), 'Its hosts by name; one group may leave this out and has the rest.'),
  batch: setting(count(1, 10_000), 'How many hosts are switched at once.', 20),
  failureLimit: setting(
    z.union([count(0), share], { error: limitForm }),
    'With more failed hosts than this the deployment stops: a number, or a share of the group.',
    0,
  ),
  onFailure: setting(
    choice(['rollback', 'stop']),
    'Above the limit: take all hosts that have the new version back to the one before, or leave them for a person.',
    'rollback',
  ),
  soak: setting(
    duration,
    'How long the group is left with the new version, and its checks are repeated, before the next begins.',
    '0s',
  ),
  pause: setting(
    z.union([choice(['none', 'ask']), duration], { error: pauseForm }),
    'Before the next group begins: nothing, a person is asked (at the terminal, or by `rota deploy promote`), or a time, such as `10m`, in which somebody may stop it.',
    'none',
  ),
});

/** One of `environments:`. */
export const environment = group({
  source: required(path, 'The staging tree: what is deployed.'),
  path: required(
    targetPath,
    'Where it lies on a host: becomes a symbolic link, what belongs to it lies in `path`-cache.',
  ),
  hosts: setting(
    z.union([z.array(host, { error: 'a list of hosts' }), hostsOfPool], {
      error: 'a list of hosts, or pool and where it is',
    }),
    'The hosts: as ssh knows them, or `local:` and a folder for trying out. Or `{ pool: <dc>/<cluster>/<service> }`: those that this pool in the etcd of `pools` has when a deployment begins, but for `inactive` ones; with `address`, such as `deploy@{host}`.',
  ),
  hostsFile: setting(path, 'Or a file with one host a line, as dsh has them.'),
  groups: setting(
    z.array(hostGroup, { error: 'a list of groups' }),
    'In which order hosts are switched. By default one group of all.',
  ),
  repository: setting(
    path,
    'Where versions are kept on this machine. By default `deploy/<name>.git` beside this file.',
  ),
  ignore: setting(
    listOf(text),
    'Patterns of paths that are no part of a version (`*`, `**`, `?`; from the root with `/`). Git’s own folders never are.',
    ['/php-*/cache/l10n/*.cdb'],
  ),
  requireClean: setting(
    flag,
    'Refuse a tree in which a git repository has changes that are not committed.',
    false,
  ),
  allow: setting(listOf(text), 'Patterns of paths that may be deployed although they look like secrets.', []),
  barriers: setting(
    listOf(text),
    'Patterns of paths, such as `**/sql/**`. Where a version changes one of these, hosts that fail are not taken back by themselves.',
    [],
  ),
  keep: setting(count(2, 100), 'How many versions stay on a host, with the one that it serves.', 4),
  ssh: setting(
    group({
      config: setting(path, 'A file for `ssh -F`; by default your own.'),
      become: setting(text, 'Do everything on hosts as this user, with `sudo -n -u`.'),
      persist: setting(duration, 'How long a connection stays open for the next command.', '2m'),
      connectTimeout: setting(duration, 'How long connecting may take.', '15s'),
    }),
    'How hosts are reached.',
  ),
  transport: setting(
    choice(['git', 'rsync']),
    'How a version comes to hosts and is proven there: as git has it, or file by file with `rsync`, which needs no git on hosts.',
    'git',
  ),
  transfer: setting(transfer, 'How what a version needs comes to hosts.'),
  slots: setting(
    group({
      minAge: setting(
        duration,
        'A folder of an old version is used again when it left service longer ago than this.',
        '5m',
      ),
      unseenProcesses: setting(
        choice(['in-use', 'ignore']),
        'What to make of a folder when not every process of the host may be looked at: taken for in use, a new one is made.',
        'in-use',
      ),
      spare: setting(
        flag,
        'Make a spare folder in the background after a deployment, so that the next is fast.',
        true,
      ),
    }),
    'The folders of versions on hosts.',
  ),
  notify: setting(
    group({
      webhook: setting(httpUrl, 'Gets a POST with JSON (`text`, `run`, `state`, `version`).'),
      irc: setting(relay, 'A relay to IRC that takes lines, as `host:port`.'),
      mail: setting(
        listOf(mailAddress),
        'Who gets a mail; sender, server and login are those of `alerts.mail`.',
      ),
    }),
    'Who is told when deployments begin and how they end. A deployment never waits for them.',
  ),
  pools: setting(pools, 'The pools of load balancers that hosts leave while they are switched.'),
  ...contentSettings,
  ...recipeSettings,
  deadline: setting(timeLimit, 'The longest that one step may take on one host.', '5m'),
  checks: setting(
    z.array(deployCheck, { error: 'a list of checks' }),
    'What must hold on a host after its switch.',
  ),
  restart: setting(
    group({
      command: required(text, 'A script for sh, run on each host right after its switch.'),
      timeout: setting(duration, 'How long it may take.', '1m'),
    }),
    'What makes the host serve the new code, such as reloading php-fpm.',
  ),
});

export const environments = named(environmentName, environment);

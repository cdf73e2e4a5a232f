import * as z from 'zod';
import { alerts } from './alerts.ts';
import { environments } from './environment.ts';
import { jobs } from './jobs.ts';
import { groups, phabricator, scopeFiles, scopes } from './phabricator.ts';
import { group, named, required, setting } from './setting.ts';
import { store } from './store.ts';
import { choice, count, duration, httpUrl, listOf, path, text } from './values.ts';
import { wiki } from './wiki.ts';

const wikiNameForm = 'a wiki name of letters, digits, "_" and "-"';
// The name becomes part of paths, file names and run ids.
const wikiName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, { error: wikiNameForm });
const slotName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, { error: 'a name of letters, digits, ".", "_" and "-"' });

const listenForm = 'an address as host:port, such as 127.0.0.1:8280';
const listenAddress = z
  .string({ error: listenForm })
  .regex(/^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):\d{1,5}$/, { error: listenForm })
  .transform((value) => {
    const at = value.lastIndexOf(':');
    return { host: value.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(value.slice(at + 1)) };
  });
const hostName = z
  .string({ error: 'a host name' })
  .regex(/^[A-Za-z0-9.-]+$/, { error: 'a host name without port' });

const workspace = z.union(
  [
    path,
    group({
      public: setting(path, 'For the public tree.'),
      private: setting(path, 'For the private tree.'),
    }),
  ],
  { error: 'a path, or a map with public and private' },
);

/** rota.yaml. */
export const farmSchema = group({
  name: setting(text, 'What the farm is called on pages and in alerts.', 'Rota'),
  output: required(
    group({
      public: required(path, 'The tree that everybody may read and mirror.'),
      private: required(path, 'The tree for what is not public; outside of the public one.'),
      workspace: setting(
        workspace,
        'Where unfinished files are written; on the same file system as the trees and outside of them. By default `work` beside each tree.',
      ),
    }),
    'Where dumps go.',
  ),
  store: setting(
    store,
    'Where run control keeps its state: sqlite:file, on a local disk; for many machines a map with `etcd`.',
    'sqlite:./rota.db',
  ),
  lease: setting(
    group({
      duration: setting(duration, 'A worker that is silent for this long is taken for dead.', '30s'),
      renewEvery: setting(
        duration,
        'How often a worker says that it lives; at most a third of the above.',
        '10s',
      ),
    }),
    'The exclusive right to work on a run.',
  ),
  monitor: setting(
    group({ every: setting(duration, 'How often dead runs, pages and retention are looked after.', '15s') }),
    'The monitor.',
  ),
  slots: setting(
    named(slotName, count(1, 10_000)),
    'Limits that all workers share, such as {db1: 2}: at most two runs at once on wikis with `slots: [db1]`.',
  ),
  web: setting(
    group({
      root: setting(
        httpUrl,
        'Address under which the public tree is served; links in feeds and alerts begin with it.',
      ),
      listen: setting(
        listenAddress,
        'Where `rota serve` listens, as host:port; with it `rota up` serves, too. Beyond the loopback every reader needs a token.',
        '127.0.0.1:8280',
      ),
      hosts: setting(
        listOf(hostName),
        "Names by which browsers may ask the operators' pages, beside localhost and the address itself.",
      ),
    }),
    "The web: the public tree, and the operators' pages.",
  ),
  signingKey: setting(path, 'SSH private key with which manifests are signed (`ssh-keygen -Y sign`).'),
  alerts: setting(alerts, 'Who is told when something is wrong.'),
  log: setting(
    group({
      level: setting(
        choice(['debug', 'info', 'warn', 'error', 'silent']),
        'The least that is logged.',
        'info',
      ),
      file: setting(path, 'Where to; by default standard error.'),
    }),
    'The log of Rota itself (runs have their own).',
  ),
  wikiDefaults: setting(
    wiki,
    'Settings for all wikis; a wiki may set its own. In addresses and paths `{wiki}` stands for the name.',
  ),
  wikis: required(
    named(wikiName, wiki),
    'The wikis, by the names of their databases as they stand in file names.',
  ),
  phabricator: setting(phabricator, 'The tracker whose tasks are reported on.'),
  scopes: setting(scopes, 'Parts of the tracker that get a report each: described here, or a file each.'),
  scopeFiles: setting(scopeFiles, 'A folder whose files describe scopes.'),
  groups: setting(groups, 'Pages that show several scopes side by side.'),
  environments: setting(environments, 'Where code is deployed to, by name.'),
  jobs: setting(jobs, 'When jobs run and how.'),
});

export type ParsedFarm = z.output<typeof farmSchema>;

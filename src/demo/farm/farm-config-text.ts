import { externalCluster } from '../wiki/text-store.ts';
import { codeFolder } from './code-day.ts';
import type { FarmWiki } from './farm-wikis.ts';

/** What the machine has that the farm can use. */
export interface FarmPrograms {
  /** A program that writes bz2: bzip2 or lbzip2. */
  readonly bz2: boolean;
}

/** A scope in a file of its own: these can be edited in the browser. */
export const mobileScope = {
  path: 'scopes/mobile.yaml',
  text: `title: Mobile team
startDate: 2025-06-01
rules:
  - { rule: ParentTask, title: Reading, project: 110, match: page }
  - { rule: ProjectColumn, title: In review, project: 110, match: Review }
  - { rule: ProjectByID, title: Mobile, project: 110 }
  - { rule: ProjectsByWildcard, match: "Mobile: unplanned", display: hide }
`,
};

/** The demonstration farm's rota.yaml; its paths are relative to itself. */
export function farmConfigText(wikis: readonly FarmWiki[], programs: FarmPrograms): string {
  return `# The demonstration farm that \`npm start\` made: small wikis of invented text, with histories of twenty years.
# Change what you like and run it again; delete the folder to begin anew.
name: Demonstration farm

output:
  public: ./public
  private: ./private

store: sqlite:./rota.db
log: { file: ./rota.log }

wikis:
${wikis.map(wikiText).join('')}
# An invented tracker of four teams that have worked for two years; \`npm start\` writes its dump anew for each day.
phabricator: { dump: ./${trackerDumpFile}, url: "https://phabricator.example.org" }
scopes:
  web:
    title: Web team
    startDate: 2025-06-01
    statusReport: { project: 100 }
    rules:
      - { rule: Intersection, title: Accessible for all, projects: [100, 53] }
      - { rule: Intersection, title: New functionality, projects: [100, 1453] }
      - { rule: Intersection, title: Maintenance, projects: [100, 1454] }
      - { rule: ProjectByName, title: Unplanned, match: "Web: unplanned work" }
      - { rule: ProjectByID, title: Everything else, project: 100 }
  mobile: ./${mobileScope.path}
groups:
  teams: { title: Both teams, scopes: [web, mobile] }

# Code that is deployed to three folders of this machine, as it would be to hosts over ssh.
environments:
  farm:
    source: ./${codeFolder}
    path: /srv/wiki
    hosts: ["local:./targets/one", "local:./targets/two", "local:./targets/three"]
    groups: [{ name: canary, hosts: [one] }, { name: all }]
    checks: [{ name: release, command: "test -s includes/Release.php" }]

jobs:
  full-dump:
    schedule: "off"
    keep: 3
    # On wikis as small as these one deleted page is much.
    shrinkGuard: 50%
${programs.bz2 ? withBz2 : withoutBz2}`;
}

const withBz2 = `    compression: { articles: bz2, current: bz2, history: [bz2, zst], stubs: gz }
`;

const withoutBz2 = `    # bzip2 was not installed when this was written; with it, delete these two lines for the usual bz2 files.
    outputs: [stubs, articles, current, history, logs, titles, namespaces, tables]
    compression: { articles: zst, current: zst, history: zst, stubs: gz }
`;

/** Where the tracker's dump lies, relative to the farm's folder. */
export const trackerDumpFile = 'tracker.dump';

/** Where a wiki's siteinfo lies, relative to the farm's folder. */
export function siteinfoFile(wiki: FarmWiki): string {
  return `${wiki.options.name}-siteinfo.${wiki.siteinfo === 'api' ? 'json' : 'xml'}`;
}

/** Where a wiki's database lies, relative to the farm's folder. */
export function databaseFile(wiki: string): string {
  return `${wiki}.sqlite`;
}

export function hasExternal(wiki: FarmWiki): boolean {
  return (wiki.options.storage.external ?? 0) > 0;
}

function wikiText(wiki: FarmWiki): string {
  const external = hasExternal(wiki)
    ? `    externalStores: { ${externalCluster}: "sqlite:./${databaseFile(wiki.options.name)}-${externalCluster}" }\n`
    : '';
  return `  ${wiki.options.name}:
    database: sqlite:./${databaseFile(wiki.options.name)}
    siteinfo: ./${siteinfoFile(wiki)}
${external}`;
}

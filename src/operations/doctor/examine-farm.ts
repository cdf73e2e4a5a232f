import { openTrees } from '../../composition.ts';
import type { FarmConfig } from '../../config/farm-config.ts';
import { wikiNamed } from '../../config/wiki-named.ts';
import type { Clock } from '../../core/clock.ts';
import { isRotaError } from '../../core/errors/rota-error.ts';
import type { Log } from '../../core/log.ts';
import { checkAlerts } from './check-alerts.ts';
import { checkHostPools } from './check-host-pools.ts';
import { checkHosts } from './check-hosts.ts';
import { checkClock, checkDisks, checkVersions } from './check-machine.ts';
import { checkPrograms } from './check-programs.ts';
import { checkSharedFolder } from './check-shared-folder.ts';
import { checkStore } from './check-store.ts';
import { checkTracker } from './check-tracker.ts';
import { checkTrees } from './check-trees.ts';
import { checkWiki } from './check-wiki.ts';
import { type Finding, faultOf, ok } from './finding.ts';

export interface ExamineOptions {
  /** Read here, so that a faulty rota.yaml is a finding like others. */
  readonly readConfig: () => Promise<FarmConfig>;
  /** Only this wiki; all when left out. */
  readonly wiki?: string;
  readonly sharedFolder?: string;
  /** Where the second process for the shared folder is; here when left out. */
  readonly otherHost?: string;
  readonly searchPath: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Everything that the doctor looks at, as it is found. A wiki that is unknown is thrown (WIKI_UNKNOWN). */
export async function* examineFarm(options: ExamineOptions): AsyncGenerator<Finding> {
  const { clock, log, signal, searchPath } = options;
  yield* checkVersions(options.version, process.version);
  yield checkClock(clock.now());
  let config: FarmConfig | null = null;
  try {
    config = await options.readConfig();
  } catch (error) {
    yield* configFaults(error);
  }
  const wikis =
    config === null
      ? []
      : options.wiki === undefined
        ? [...config.wikis.values()]
        : [wikiNamed(config, options.wiki)];
  if (config !== null) {
    yield ok('rota.yaml', `${config.file} describes ${contents(config)}`);
    yield* await checkAlerts(config.alerts, signal);
  }
  yield* await checkPrograms(config, searchPath);
  if (config !== null) {
    yield* await checkTrees(openTrees(config));
    yield* await checkDisks(config);
    yield* await checkStore(config, clock);
  }
  const pools = config === null ? null : await checkHostPools(config.environments, clock);
  yield* pools?.findings ?? [];
  if (config !== null && options.wiki === undefined) {
    yield* await checkTracker(config.phabricator, { clock, log, signal });
  }
  for (const wiki of wikis) {
    signal.throwIfAborted();
    yield* await checkWiki(wiki, { clock, log, signal });
  }
  if (config !== null && options.wiki === undefined) {
    const fleetOptions = { clock, env: options.env, leaseMs: config.lease.durationMs };
    for (const environment of pools?.environments ?? []) {
      signal.throwIfAborted();
      yield* await checkHosts(environment, { fleetOptions, signal });
    }
  }
  if (options.sharedFolder !== undefined) {
    yield* await checkSharedFolder(options.sharedFolder, options.otherHost);
  }
}

/** A finding for each fault of rota.yaml: the first line of the message only counts them. */
function configFaults(error: unknown): readonly Finding[] {
  const whole = faultOf('rota.yaml', error);
  if (!isRotaError(error, 'CONFIG_INVALID')) return [whole];
  const [, ...lines] = error.message.split('\n');
  return lines.map((line) => ({ ...whole, what: line.trim() }));
}

function contents({ wikis, scopes, environments }: FarmConfig): string {
  const counts = [
    [wikis.size, 'wiki'],
    [scopes.size, 'scope'],
    [environments.size, 'environment'],
  ] as const;
  const told = counts.filter(([count]) => count > 0);
  if (told.length === 0) return 'no wiki, scope or environment';
  return told.map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`).join(', ');
}

import type { FarmConfig, WikiConfig } from '../../config/farm-config.ts';
import type { StageContext } from '../../control/stage.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { Program } from '../../export/containers/program.ts';
import type { Trees } from '../../publish/workspace/tree.ts';
import type { ContentThreads } from './content/content-threads.ts';
import type { ProgressMeter } from './progress-meter.ts';
import type { RunStatus } from './status/run-status.ts';

/** What is needed to say how a run is: also had by those who only look at one. */
export type StatusServices = Pick<FullDumpServices, 'farm' | 'trees' | 'version'>;

/** What the stages of a full dump are given besides run control's own context. */
export interface FullDumpServices {
  readonly farm: FarmConfig;
  readonly trees: Trees;
  /** Null where neither lbzip2 nor bzip2 is installed. */
  readonly bz2: Program | null;
  /** The PATH in which programs are looked for. */
  readonly searchPath: string;
  /** Rota's version, for the manifest. */
  readonly version: string;
  readonly threads: ContentThreads;
  readonly meter: ProgressMeter;
  readonly status: RunStatus<StageContext<FullDumpServices>>;
}

/** The configured wiki of a run. */
export function wikiOf(services: Pick<FullDumpServices, 'farm'>, name: string): WikiConfig {
  const wiki = services.farm.wikis.get(name);
  if (wiki) return wiki;
  throw new RotaError(
    'WIKI_UNKNOWN',
    `the wiki "${name}" is not in ${services.farm.file}: add it under wikis, or cancel the run`,
  );
}

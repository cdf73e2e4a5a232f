import type { FarmConfig, WikiConfig } from '../../config/farm-config.ts';
import type { StageContext } from '../../control/stage.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { Tree, type Trees } from '../../publish/workspace/tree.ts';
import type { RunRecords } from '../definition/job-definition.ts';

/** What the stages of the three jobs are given. */
export interface ChangesServices {
  readonly farm: FarmConfig;
  /** Those of the farm, with the full dumps in them. */
  readonly farmTrees: Trees;
  /** Where the days lie: a folder in each of them. */
  readonly trees: Trees;
  readonly records: RunRecords;
  /** The PATH in which programs are looked for. */
  readonly searchPath: string;
}

export type ChangesContext = StageContext<ChangesServices>;

/** The days' folders are in the farm's trees, and their work in the same place, so that publishing is a rename. */
export function changesTrees(farm: FarmConfig, trees: Trees): Trees {
  const { folder } = farm.jobs.changes.settings;
  const below = ({ root, workRoot, audience }: Tree) =>
    new Tree({ root: `${root}/${folder}`, work: workRoot, audience });
  return { public: below(trees.public), private: below(trees.private) };
}

/** The configured wiki of a run, if it is one that has adds/changes dumps. */
export function wikiOf(services: Pick<ChangesServices, 'farm'>, name: string): WikiConfig {
  const wiki = services.farm.wikis.get(name);
  if (!wiki) {
    throw new RotaError(
      'WIKI_UNKNOWN',
      `the wiki "${name}" is not in ${services.farm.file}: add it under wikis, or cancel the run`,
    );
  }
  if (!wiki.isPrivate && !wiki.isClosed) return wiki;
  throw new RotaError(
    'CHANGES_LEFT_OUT',
    `${name} is ${wiki.isPrivate ? 'private' : 'closed'}: such wikis have no adds/changes dumps; cancel the run`,
  );
}

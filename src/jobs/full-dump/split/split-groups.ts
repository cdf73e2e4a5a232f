import type { FullDumpSettings } from '../../../config/full-dump-config.ts';
import { type SplitGroup, splitGroups } from '../../../dumping/piece/piece-spec.ts';

/** The groups of outputs that have a limit. */
export function splitGroupsOf({ split }: Pick<FullDumpSettings, 'split'>): readonly SplitGroup[] {
  return splitGroups.filter((group) => split[group].maxRawBytes !== null || split[group].maxPages !== null);
}

import type { TrackerSourceConfig } from '../../../../config/phabricator-config.ts';
import type { Clock } from '../../../../core/clock.ts';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import type { Log } from '../../../../core/log.ts';
import { ConduitSource } from '../conduit/conduit-source.ts';
import { DatabaseSource } from '../database/database-source.ts';
import { DumpSource } from '../dump/dump-source.ts';
import type { TrackerSource } from './tracker-source.ts';

/** The source that rota.yaml names; a dump that lies ready comes first. */
export function openSource(
  config: TrackerSourceConfig,
  given: {
    readonly dump: string | null;
    readonly workspace: string;
    readonly clock: Clock;
    readonly log: Log;
  },
): TrackerSource {
  if (given.dump !== null) return new DumpSource(given.dump);
  switch (config.kind) {
    case 'dump-file':
      return new DumpSource(config.file);
    case 'database':
      return new DatabaseSource(config);
    case 'conduit':
      return new ConduitSource(config, given);
    default:
      throw new RotaError('INTERNAL', 'The dump was not fetched before it was to be read.');
  }
}

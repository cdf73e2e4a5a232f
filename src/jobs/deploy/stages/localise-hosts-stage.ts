import type { LocalisationSettings } from '../../../config/environment-recipe-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { type RebuildCdbOptions, rebuildCdb } from '../target/programs/rebuild-cdb.ts';
import type { TargetProgram } from '../target/target-program.ts';
import { type DeployContext, DeployStage } from './deploy-stage.ts';

/**
 * Has every host make the CDB files of its new slot of the version's JSON, with the version's own PHP library, before any is
 * switched. A file that comes out otherwise than on this machine is the host's failure.
 */
export class LocaliseHostsStage extends DeployStage {
  readonly name = 'localise-hosts';
  readonly #settings: LocalisationSettings;

  constructor(settings: LocalisationSettings) {
    super();
    this.#settings = settings;
  }

  override plan(): readonly string[] {
    return this.#settings.roots;
  }

  /** What a host does. */
  local(p: RebuildCdbOptions): TargetProgram {
    return rebuildCdb(p);
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { fleet, stage, board, parameters } = context;
    const { roots, hostPhp, threads, timeoutMs } = this.#settings;
    let rebuilt = 0;
    await this.onHosts(context, context.active(), async (host) => {
      const slot = board.get(host.name)?.slot ?? null;
      if (slot === null) throw new RotaError('NOT_PREPARED', `${host.name} has no slot to serve`);
      const program = this.local({
        ...context.siteOf(host),
        slot,
        roots,
        php: hostPhp,
        threads,
        prove: parameters.kind === 'repair',
        deadlineMs: timeoutMs,
      });
      rebuilt += Number((await fleet.run(host, program, stage.signal)).stdout.toString());
    });
    this.refuseAboveLimit(context);
    return done({ rebuilt });
  }
}

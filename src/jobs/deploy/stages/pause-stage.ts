import type { HostGroup } from '../../../config/environment-config.ts';
import { done, held, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { type DeployContext, DeployStage } from './deploy-stage.ts';

/** After a group: waits for a while, or for a person who says that the next may begin. */
export class PauseStage extends DeployStage {
  readonly name: string;
  readonly #group: string;
  readonly #pauseMs: number;
  readonly #asks: 'never' | 'attended' | 'always';

  /** @param holds whether a person is waited for whatever the group says */
  constructor({ name, asks, pauseMs }: Pick<HostGroup, 'name' | 'asks' | 'pauseMs'>, holds: boolean) {
    super();
    this.name = `pause-${name}`;
    this.#group = name;
    this.#pauseMs = pauseMs;
    this.#asks = holds ? 'always' : asks ? 'attended' : 'never';
  }

  override plan(): readonly string[] {
    return this.#asks === 'never' ? [`${this.#pauseMs / 1000} s`] : ['a person is asked'];
  }

  protected async deploy({ stage, environment, parameters }: DeployContext): Promise<StageOutcome> {
    if (this.#asks === 'never') {
      await stage.clock.sleep(this.#pauseMs, AbortSignal.any([stage.signal, stage.stopping]));
      return done({ asked: false, waitedMs: this.#pauseMs });
    }
    if (this.#asks === 'attended' && parameters.unattended === true) return done({ asked: false });
    // Every pause of a run is asked for anew: approvals are told by the pause's name.
    const answer = (await stage.approvals()).get(this.name);
    if (answer === 'approved') return done({ asked: true });
    if (answer === 'rejected') {
      throw new RotaError(
        'DEPLOY_FAILED',
        `Somebody said no after group ${this.#group}: rota deploy rollback ${environment.name} takes it back`,
      );
    }
    const question = `group ${this.#group} has the version; rota deploy promote ${environment.name} goes on`;
    await stage.holdSet(this.name, question);
    return held(question);
  }
}

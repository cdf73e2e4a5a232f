import { done, type StageOutcome } from '../../../control/stage.ts';
import { prepare } from '../target/programs/prepare.ts';
import { type DeployContext, DeployStage } from './deploy-stage.ts';

/** Makes every host hold the version beside the one that it serves, and prove it. */
export class PrepareStage extends DeployStage {
  readonly name = 'prepare';

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, stage, fleet, board } = context;
    const { version, commit, slot } = await this.chosen(context);
    const description = Buffer.from(
      `${JSON.stringify({ environment: environment.name, version, commit, run: stage.run.id }, null, 2)}\n`,
    );
    const how = new Map<string, number>();
    await this.onHosts(context, context.active(), async (host) => {
      const { keep, slots } = environment;
      const program = prepare({ ...context.siteOf(host), slot, commit, description, keep, ...slots });
      const [word = ''] = (await fleet.run(host, program, stage.signal)).stdout.toString().trim().split(' ');
      how.set(word, (how.get(word) ?? 0) + 1);
      board.set(host.name, 'prepared');
    });
    await board.save();
    this.refuseAboveLimit(context);
    return done(Object.fromEntries(how));
  }
}

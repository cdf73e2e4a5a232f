import { done, type StageOutcome } from '../../../control/stage.ts';
import type { Observation } from '../target/programs/observe.ts';
import { prepare } from '../target/programs/prepare.ts';
import { readOrigin } from '../version/origin.ts';
import { VersionRepository } from '../version/version-repository.ts';
import { type DeployContext, DeployStage } from './deploy-stage.ts';

/** Makes every host hold the version beside the one that it serves, and prove it. */
export class PrepareStage extends DeployStage {
  readonly name = 'prepare';

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, stage, fleet, board } = context;
    const { version, commit } = await this.chosen(context);
    const repository = await VersionRepository.open(environment.repository, stage.signal);
    const origin = await readOrigin(repository, commit);
    const about = { environment: environment.name, version, commit, run: stage.run.id, ...origin };
    const description = Buffer.from(`${JSON.stringify(about, null, 2)}\n`);
    const how = new Map<string, number>();
    await this.onHosts(context, context.active(), async (host) => {
      const seen = await context.look(host);
      const slot = board.get(host.name)?.slot ?? chooseSlot(seen, commit);
      board.set(host.name, 'seen', slot);
      if (seen.current === slot) {
        how.set('serving', (how.get('serving') ?? 0) + 1);
      } else {
        const { keep, slots } = environment;
        const program = prepare({ ...context.siteOf(host), slot, commit, description, keep, ...slots });
        const said = (await fleet.run(host, program, stage.signal)).stdout.toString();
        const word = said.trim().split(' ')[0] ?? '';
        how.set(word, (how.get(word) ?? 0) + 1);
      }
      board.set(host.name, 'prepared');
    });
    await board.save();
    this.refuseAboveLimit(context);
    return done(Object.fromEntries(how));
  }
}

/** A slot is called by its commit. One that was changed on the host is left alone, and the version made once more. */
export function chooseSlot(seen: Pick<Observation, 'current' | 'intact' | 'slots'>, commit: string): string {
  const { current, intact, slots } = seen;
  if (current === null || slots.get(current) !== commit) return commit;
  if (intact !== false) return current;
  const [, count = '1'] = current.split('.');
  return `${commit}.${Number(count) + 1}`;
}

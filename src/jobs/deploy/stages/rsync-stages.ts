import type { TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import type { PrepareOptions } from '../target/programs/prepare.ts';
import { RsyncWay } from '../transfer/rsync-way.ts';
import type { ChosenVersion, DeployContext } from './deploy-stage.ts';
import { PrepareStage } from './prepare-stage.ts';
import { TransferStage } from './transfer-stage.ts';

/** Brings the files of the version to every host that has no folder with it, by rsync, beside what it serves. */
export class RsyncTransferStage extends TransferStage {
  override plan(): readonly string[] {
    return ['rsync'];
  }

  protected override async deploy(context: DeployContext): Promise<StageOutcome> {
    const { commit } = await this.chosen(context);
    const lacking = new Set<TargetHost>();
    await this.onHosts(context, context.active(), async (host) => {
      if (![...(await context.look(host)).slots.values()].includes(commit)) lacking.add(host);
    });
    let bytes = 0;
    if (lacking.size > 0) {
      const way = await RsyncWay.open(context, commit);
      using _steps = context.fleet.listen(({ brought }) => {
        bytes += brought?.bytes ?? 0;
      });
      const hosts = context.active().filter((host) => lacking.has(host));
      await this.onHosts(
        context,
        hosts,
        (host) => way.bring(host, { checksum: false }),
        this.atOnce(context),
      );
    }
    this.refuseAboveLimit(context);
    return done({ hosts: lacking.size, bytes });
  }

  /** To how many hosts files go at once. */
  protected atOnce({ environment }: DeployContext): number {
    return environment.transfer.width;
  }
}

/** Has every host prove that the folder that rsync filled is the version; where it is not, files are sent once more, all compared. */
export class RsyncPrepareStage extends PrepareStage {
  readonly #ways = new WeakMap<DeployContext, Promise<RsyncWay>>();

  protected override async hold(
    context: DeployContext,
    host: TargetHost,
    options: PrepareOptions,
    { version, commit }: ChosenVersion,
  ): Promise<string> {
    const { fleet, stage } = context;
    const say = async (manifest: PrepareOptions['manifest']) => {
      const program = this.local({ ...options, ...(manifest === undefined ? {} : { manifest }) });
      return (await fleet.run(host, program, stage.signal)).stdout.toString().trim();
    };
    // What is there already needs no list, and a version that only hosts have has none here.
    const seen = await context.look(host);
    if (options.content === null || seen.slots.has(options.slot)) {
      const said = await say(undefined);
      if (said === 'kept') return said;
    }
    const opening = this.#ways.get(context) ?? RsyncWay.open(context, commit);
    this.#ways.set(context, opening);
    const way = await opening;
    const { digest } = way.tree;
    let said = await say({ digest, version, isLastTry: false });
    if (said === 'lacks') {
      await way.bring(host, { checksum: false });
      said = await say({ digest, version, isLastTry: false });
    }
    if (said === 'differs') {
      await way.bring(host, { checksum: true });
      said = await say({ digest, version, isLastTry: true });
    }
    return said;
  }
}

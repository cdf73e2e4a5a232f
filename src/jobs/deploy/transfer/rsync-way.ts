import type { TargetHost } from '../../../config/environment-config.ts';
import type { DeployContext } from '../stages/deploy-stage.ts';
import { makingName, type ReceiveFilesOptions, receiveFiles } from '../target/programs/receive-files.ts';
import type { TargetProgram } from '../target/target-program.ts';
import { VersionRepository } from '../version/version-repository.ts';
import { checkOut, type WorkTree } from '../version/work-tree.ts';

/** How the files of a version come to hosts by rsync: from a folder of this machine that holds just these. */
export class RsyncWay {
  readonly tree: WorkTree;
  readonly #context: DeployContext;

  private constructor(context: DeployContext, tree: WorkTree) {
    this.#context = context;
    this.tree = tree;
  }

  static async open(context: DeployContext, commit: string): Promise<RsyncWay> {
    const repository = await VersionRepository.open(context.environment.repository, context.stage.signal);
    return new RsyncWay(context, await checkOut(repository, commit));
  }

  /** Makes a folder of the host equal to the version, beside what it serves. It counts as the version only when that is proven. */
  async bring(
    host: TargetHost,
    p: { readonly checksum: boolean; readonly local?: (options: ReceiveFilesOptions) => TargetProgram },
  ): Promise<void> {
    const { fleet, stage, environment } = this.#context;
    const site = this.#context.siteOf(host);
    const { keep, slots } = environment;
    const program = (p.local ?? receiveFiles)({ ...site, keep, ...slots });
    const served = (await fleet.run(host, program, stage.signal)).stdout.toString().trim();
    stage.assertTrusted();
    const { path, lists, digest } = this.tree;
    const files = {
      from: [`${path}/`],
      to: `${site.path}-cache/revs/${makingName(site.fence)}`,
      copyFrom: served === '' || p.checksum ? null : `../${served}`,
      mirror: true,
      checksum: p.checksum,
    };
    await fleet.copy(host, files, site.deadlineMs, stage.signal);
    const proof = {
      from: [`${lists}/${digest}.tree`, `${lists}/${digest}.hashes`],
      to: `${site.path}-cache/incoming`,
      copyFrom: null,
      mirror: false,
      checksum: false,
    };
    await fleet.copy(host, proof, site.deadlineMs, stage.signal);
  }
}

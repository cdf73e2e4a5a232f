import { readFile } from 'node:fs/promises';
import type { TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { chooseBase } from '../plan/choose-base.ts';
import { type UnpackOptions, unpack } from '../target/programs/receive.ts';
import type { TargetProgram } from '../target/target-program.ts';
import { PackTree } from '../transfer/pack-tree.ts';
import { RelayWay } from '../transfer/relay-way.ts';
import { makePack } from '../version/make-pack.ts';
import { VersionRepository } from '../version/version-repository.ts';
import { type ChosenVersion, type DeployContext, DeployStage } from './deploy-stage.ts';

/** A pack up to this size travels over the session; a larger one over a connection of its own. */
const inlineBytes = 4 * 1024;

/**
 * Brings the objects of the version to the repository of every host: one pack for all hosts with the same base, from here or
 * from hosts that have it.
 */
export class TransferStage extends DeployStage {
  readonly name = 'transfer';

  /** What a host does with what it received. */
  local(p: UnpackOptions): TargetProgram {
    return unpack(p);
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, stage } = context;
    const version = await this.chosen(context);
    const repository = await VersionRepository.open(environment.repository, stage.signal);
    let asked: Promise<readonly string[]> | null = null;
    // Where every host has the version already nothing need be known of others.
    const ours = () => {
      asked ??= repository.versions().then((versions) => versions.map(({ commit }) => commit));
      return asked;
    };
    const way = await RelayWay.open(context);
    const trees = new Map<string | null, Promise<PackTree>>();
    const treeFor = (base: string | null): Promise<PackTree> => {
      const known =
        trees.get(base) ??
        makePack(repository, version.commit, base).then((pack) => new PackTree(context, way, pack));
      trees.set(base, known);
      return known;
    };
    let sentBytes = 0;
    let relayedBytes = 0;
    let hosts = 0;
    using _steps = context.fleet.listen(({ brought }) => {
      if (brought?.from === null) sentBytes += brought.bytes;
      else if (brought !== undefined) relayedBytes += brought.bytes;
    });
    try {
      await this.onHosts(context, context.active(), async (host) => {
        if (await this.#bring(context, host, version, ours, treeFor)) hosts++;
      });
    } finally {
      await way?.close();
    }
    this.refuseAboveLimit(context);
    return done({ hosts, bytes: sentBytes, ...(relayedBytes === 0 ? {} : { relayedBytes }) });
  }

  async #bring(
    context: DeployContext,
    host: TargetHost,
    { version, commit }: ChosenVersion,
    ours: () => Promise<readonly string[]>,
    treeFor: (base: string | null) => Promise<PackTree>,
  ): Promise<boolean> {
    const { fleet, stage, board } = context;
    const site = context.siteOf(host);
    const seen = await context.look(host);
    if (seen.commits.has(commit)) return false;
    const tree = await treeFor(chooseBase(seen, board.get(host.name)?.before ?? null, await ours()));
    const { pack } = tree;
    const inline = pack.bytes <= inlineBytes;
    const stays = inline ? false : await tree.bring(host);
    const bytes = inline ? await readFile(pack.file) : null;
    const program = this.local({ ...site, ...pack, pack: bytes, version, commit, stays });
    await fleet.run(host, program, stage.signal);
    return true;
  }
}

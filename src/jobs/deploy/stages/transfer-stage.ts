import { readFile } from 'node:fs/promises';
import type { TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { chooseBase } from '../plan/choose-base.ts';
import { incomingPath, unpack } from '../target/programs/receive.ts';
import { makePack, type Pack } from '../version/make-pack.ts';
import { VersionRepository } from '../version/version-repository.ts';
import { type ChosenVersion, type DeployContext, DeployStage } from './deploy-stage.ts';

/** A pack up to this size travels over the session; a larger one over a connection of its own. */
const inlineBytes = 4 * 1024;

/** Brings the objects of the version to the repository of every host: one pack for all hosts with the same base. */
export class TransferStage extends DeployStage {
  readonly name = 'transfer';

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, stage } = context;
    const version = await this.chosen(context);
    const repository = await VersionRepository.open(environment.repository, stage.signal);
    const ours = (await repository.versions()).map(({ commit }) => commit);
    const packs = new Map<string | null, Promise<Pack>>();
    const packFor = (base: string | null): Promise<Pack> => {
      const known = packs.get(base) ?? makePack(repository, version.commit, base);
      packs.set(base, known);
      return known;
    };
    let sentBytes = 0;
    let sentTo = 0;
    await this.onHosts(context, context.active(), async (host) => {
      const bytes = await this.#bring(context, host, version, ours, packFor);
      sentBytes += bytes;
      if (bytes > 0) sentTo++;
    });
    this.refuseAboveLimit(context);
    return done({ hosts: sentTo, bytes: sentBytes });
  }

  async #bring(
    context: DeployContext,
    host: TargetHost,
    { version, commit }: ChosenVersion,
    ours: readonly string[],
    packFor: (base: string | null) => Promise<Pack>,
  ): Promise<number> {
    const { fleet, stage, board } = context;
    const site = context.siteOf(host);
    const seen = await context.look(host);
    if (seen.commits.has(commit)) return 0;
    const base = chooseBase(seen, board.get(host.name)?.before ?? null, ours);
    const pack = await packFor(base);
    const inline = pack.bytes <= inlineBytes;
    if (!inline) {
      const path = incomingPath(site.path, pack.sha256);
      await fleet.send(host, { file: pack.file, path, deadlineMs: site.deadlineMs }, stage.signal);
    }
    const bytes = inline ? await readFile(pack.file) : null;
    await fleet.run(
      host,
      unpack({ ...site, pack: bytes, sha256: pack.sha256, version, commit }),
      stage.signal,
    );
    return pack.bytes;
  }
}

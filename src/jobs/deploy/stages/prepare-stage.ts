import type { TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { type ContentEntry, ContentMaker, slotName } from '../content/host-content.ts';
import { builtFiles } from '../localisation/built-files.ts';
import type { Observation } from '../target/programs/observe.ts';
import { type PrepareOptions, prepare } from '../target/programs/prepare.ts';
import type { TargetProgram } from '../target/target-program.ts';
import { assetStateOf } from '../version/asset-state.ts';
import { readOrigin } from '../version/origin.ts';
import { VersionRepository } from '../version/version-repository.ts';
import { type ChosenVersion, type DeployContext, DeployStage } from './deploy-stage.ts';
import { recordsOf } from './records-of.ts';

/** Makes every host hold the version beside the one that it serves, and prove it. */
export class PrepareStage extends DeployStage {
  readonly name = 'prepare';

  /** What a host does. */
  local(p: PrepareOptions): TargetProgram {
    return prepare(p);
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, stage, board } = context;
    const { version, commit } = await this.chosen(context);
    const repository = await VersionRepository.open(environment.repository, stage.signal);
    const origin = await readOrigin(repository, commit);
    const { assets } = environment.content;
    // Versions that only hosts have, after an adoption, are known by name alone.
    const isHere = origin !== null || (await repository.tryGit(['cat-file', '-e', commit])).status === 0;
    const state = assets === null || !isHere ? null : await assetStateOf(repository, commit, assets.paths);
    const about = {
      environment: environment.name,
      version,
      commit,
      run: stage.run.id,
      ...(state === null ? {} : { assets: state.hash }),
      ...origin,
    };
    const description = Buffer.from(`${JSON.stringify(about, null, 2)}\n`);
    const recordFor = await recordsOf(context, { version, commit });
    const how = new Map<string, number>();
    const maker = new ContentMaker(environment);
    const built = await builtFiles(repository, commit, environment.recipe.localisation);
    await this.onHosts(context, context.active(), async (host) => {
      const word = await this.#prepare(context, host, {
        version,
        commit,
        description,
        record: recordFor(host),
        maker,
        built,
      });
      how.set(word, (how.get(word) ?? 0) + 1);
      board.set(host.name, 'prepared');
    });
    await board.save();
    this.refuseAboveLimit(context);
    return done(Object.fromEntries(how));
  }

  /** Makes a slot of the host hold the version, and says how that was done, in a word. */
  protected async hold(
    { fleet, stage }: DeployContext,
    host: TargetHost,
    options: PrepareOptions,
    _version: ChosenVersion,
  ): Promise<string> {
    const said = (await fleet.run(host, this.local(options), stage.signal)).stdout.toString();
    return said.trim().split(' ')[0] ?? '';
  }

  async #prepare(
    context: DeployContext,
    host: TargetHost,
    p: ChosenVersion & {
      readonly description: Uint8Array;
      readonly record: Uint8Array;
      readonly maker: ContentMaker;
      /** What hosts make of the version; it is named by it. */
      readonly built: readonly ContentEntry[];
    },
  ): Promise<string> {
    const { environment, board, parameters } = context;
    const { commit, description, record, version } = p;
    const seen = await context.look(host);
    const { keep, slots } = environment;
    const make = async (slot: string, content: readonly ContentEntry[] | null) => {
      board.set(host.name, 'seen', slot);
      if (seen.current === slot) return 'serving';
      const options = { slot, commit, description, record, keep, ...slots, content };
      return await this.hold(context, host, { ...context.siteOf(host), ...options }, p);
    };
    const known = board.get(host.name)?.slot ?? null;
    const kept = parameters.kind === 'rollback' ? slotServed(seen, commit) : null;
    if (kept !== null && (known === null || known === kept)) {
      try {
        // With the files beside it as they were then.
        return await make(kept, null);
      } catch (error) {
        if (!isRotaError(error, 'NOT_PREPARED')) throw error;
      }
    }
    const content = await p.maker.contentFor(host, version);
    const wanted = slotName(commit, content.digest);
    const again = known !== null && known !== kept ? known : null;
    return await make(again ?? chooseSlot(seen, commit, wanted), [...content.entries, ...p.built]);
  }
}

/** The slot in which a host served a version before, if it still has one. */
export function slotServed(
  { current, previous, slots, intact }: Pick<Observation, 'current' | 'previous' | 'intact' | 'slots'>,
  commit: string,
): string | null {
  const names = [...(intact === false ? [] : [current]), previous, ...slots.keys()];
  return (
    names.find(
      (name) => name !== null && name !== (intact === false ? current : null) && slots.get(name) === commit,
    ) ?? null
  );
}

/** One that was changed on the host is left alone, and the version made once more. */
export function chooseSlot(
  seen: Pick<Observation, 'current' | 'intact' | 'slots'>,
  commit: string,
  wanted = commit,
): string {
  const { current, intact, slots } = seen;
  if (current === null || slots.get(current) !== commit) return wanted;
  if (current !== wanted && !current.startsWith(`${wanted}.`)) return wanted;
  if (intact !== false) return current;
  const [, count = '1'] = current.split('.');
  return `${wanted}.${Number(count) + 1}`;
}

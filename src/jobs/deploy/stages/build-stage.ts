import { done, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { comparePlans } from '../plan/compare-plans.ts';
import { type HostSight, makePlan, type PlannedWork } from '../plan/make-plan.ts';
import { PlanFolder } from '../plan/plan-folder.ts';
import { type KnownVersions, knownVersionsKey, type LiveRecord, liveKey } from '../records.ts';
import {
  buildVersion,
  nameVersion,
  type ReadyVersion,
  readStaging,
  readyVersion,
} from '../version/build-version.ts';
import { findVersion } from '../version/find-version.ts';
import { makePack } from '../version/make-pack.ts';
import { parseVersionName } from '../version/version.ts';
import { VersionRepository } from '../version/version-repository.ts';
import { type ChosenVersion, type DeployContext, DeployStage } from './deploy-stage.ts';

/** Makes one version of the staging tree, or finds the one that the run is to go to. */
export class BuildStage extends DeployStage {
  readonly name = 'build';
  readonly #planned: () => PlannedWork;
  #ahead: Promise<ReadyVersion> | null = null;

  /** @param planned what a kept plan is compared with */
  constructor(planned: () => PlannedWork) {
    super();
    this.#planned = planned;
  }

  /**
   * Reads the staging tree before the stage comes, which no host is needed for, and makes all of the version but its name; then the
   * pack for hosts that serve what is live, or nothing yet. Ends when that is done; what goes wrong is thrown by the stage itself.
   */
  async readAhead({ environment, parameters, stage }: DeployContext): Promise<void> {
    if (parameters.kind !== 'push' || parameters.version !== undefined || parameters.plan !== undefined)
      return;
    const begun = async () => {
      const repository = await VersionRepository.open(environment.repository, stage.signal);
      const known = ((await stage.readPointer(knownVersionsKey(environment.name))) ?? {}) as KnownVersions;
      const options = { now: stage.clock.now(), serialsUsed: serialsOf(known) };
      return { repository, ready: await readyVersion(repository, environment, options) };
    };
    const ahead = begun();
    this.#ahead = ahead.then(({ ready }) => ready);
    // Where `preflight` fails nobody asks for it.
    this.#ahead.catch(() => {});
    try {
      const { repository, ready } = await ahead;
      if (environment.holds !== 'git' || !ready.isNew) return;
      const live = (await stage.readPointer(liveKey(environment.name))) as LiveRecord | null | undefined;
      await makePack(repository, ready.version.commit, live?.commit ?? null);
    } catch {
      // Of the version, `build` says it; a pack that is missing is made when a host needs it.
    }
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, parameters, stage } = context;
    const repository = await VersionRepository.open(environment.repository, stage.signal);
    const known = ((await stage.readPointer(knownVersionsKey(environment.name))) ?? {}) as KnownVersions;
    if (parameters.version !== undefined)
      return done(await findVersion(repository, known, parameters.version));
    if (parameters.kind !== 'push') {
      throw new RotaError('INTERNAL', `a run of the kind ${parameters.kind} names its version`);
    }
    if (parameters.plan !== undefined) return done(await this.#asPlanned(context, repository, known));
    const ahead = this.#ahead;
    this.#ahead = null;
    const { name, commit, reused, files, emptyFolders } = await buildVersion(repository, environment, {
      now: stage.clock.now(),
      serialsUsed: serialsOf(known),
      ...(ahead === null ? {} : { ready: await ahead }),
    });
    if (emptyFolders.length > 0) {
      stage.log.warn({ folders: emptyFolders.slice(0, 20) }, 'empty folders are no part of a version');
    }
    return done({ version: name, commit, reused, files });
  }

  /** Plans once more, and goes on only where nothing differs from what was looked at. */
  async #asPlanned(
    context: DeployContext,
    repository: VersionRepository,
    known: KnownVersions,
  ): Promise<ChosenVersion & { readonly plan: string }> {
    const { environment, parameters, stage, board } = context;
    const asked = parameters.plan ?? { id: '', digest: '' };
    const kept = await new PlanFolder(environment.repository).read(asked.id);
    if (kept.digest !== asked.digest) throw stale(asked.id, ['another plan has its name now']);
    const staging = await readStaging(repository, environment);
    const serialsUsed = serialsOf(known);
    const versions = await repository.versions();
    const same = versions.find((version) => version.tree === staging.tree);
    // Resumed after it had its name: it is still the one that the plan made.
    const isNew = same === undefined || (same.commit === kept.commit && kept.plan.version.isNew);
    const now = parseVersionName(kept.plan.version.name)?.date ?? '';
    const newest = Math.max(versions[0]?.serial ?? 0, ...serialsUsed);
    const name = same?.name ?? `${now}-${String(newest + 1).padStart(4, '0')}`;
    const live = (await stage.readPointer(liveKey(environment.name))) as LiveRecord | null | undefined;
    const sights = new Map<string, HostSight>();
    for (const host of environment.hosts) {
      const record = board.get(host.name);
      sights.set(
        host.name,
        record?.state === 'failed'
          ? { seen: null, problem: { code: record.code ?? 'INTERNAL', message: record.message ?? 'failed' } }
          : { seen: await context.look(host), problem: null },
      );
    }
    const again = await makePlan({
      environment,
      groups: parameters.groups,
      sights,
      live: live?.version ?? null,
      repository,
      // Where the tree differs that is said, and what it would cost is of no interest.
      version: { name, serial: newest, commit: kept.commit, tree: staging.tree },
      isNew,
      work: this.#planned(),
    });
    const differences = comparePlans(kept.plan, again);
    if (differences.length > 0) throw stale(kept.id, differences);
    if (same === undefined) await nameVersion(repository, { name, commit: kept.commit });
    return { version: name, commit: kept.commit, plan: kept.id };
  }
}

function stale(id: string, differences: readonly string[]): RotaError {
  const more = differences.length > 5 ? ` (and ${differences.length - 5} more)` : '';
  return new RotaError(
    'PLAN_STALE',
    `${id} is not what would be done now: ${differences.slice(0, 5).join('; ')}${more}; nothing was sent or switched`,
    { facts: { plan: id, differences } },
  );
}

function serialsOf(known: KnownVersions): readonly number[] {
  return Object.keys(known).map((name) => parseVersionName(name)?.serial ?? 0);
}

import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { Clock } from '../../core/clock.ts';
import { toRotaError } from '../../core/errors/rota-error.ts';
import type { Fleet } from '../../jobs/deploy/fleet/fleet.ts';
import { refuseHost } from '../../jobs/deploy/fleet/refuse-host.ts';
import { type KeptPlan, keepPlan } from '../../jobs/deploy/plan/deploy-plan.ts';
import { type HostSight, makePlan } from '../../jobs/deploy/plan/make-plan.ts';
import { PlanFolder } from '../../jobs/deploy/plan/plan-folder.ts';
import { recipeOf } from '../../jobs/deploy/recipe/deploy-recipe.ts';
import {
  type KnownVersions,
  knownVersionsKey,
  type LiveRecord,
  liveKey,
  storeIdKey,
} from '../../jobs/deploy/records.ts';
import { targetPath } from '../../jobs/deploy/services.ts';
import { commitVersion, readTree } from '../../jobs/deploy/version/build-version.ts';
import type { NestedRepository } from '../../jobs/deploy/version/nested-repositories.ts';
import { readOrigin } from '../../jobs/deploy/version/origin.ts';
import { windowFile } from '../../jobs/deploy/version/reading-window.ts';
import { parseVersionName } from '../../jobs/deploy/version/version.ts';
import { VersionRepository } from '../../jobs/deploy/version/version-repository.ts';
import { observeFleet } from './look-at-fleet.ts';

export interface MadePlan {
  readonly kept: KeptPlan;
  readonly file: string;
  /** The repositories in the staging tree. */
  readonly repositories: readonly NestedRepository[];
}

/**
 * Makes a plan of a push and keeps it: nothing is sent to hosts, no version gets its name, and a deployment that is under
 * way is not disturbed.
 */
export async function planDeployment(p: {
  readonly store: RunStore;
  readonly environment: EnvironmentConfig;
  readonly groups: readonly string[] | undefined;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly by: string;
  readonly signal: AbortSignal;
}): Promise<MadePlan> {
  const { store, environment, signal, clock } = p;
  const repository = await VersionRepository.open(environment.repository, signal);
  const looks = observeFleet(p.fleet, environment, { prove: 'stat', signal });
  const known = ((await store.readPointer({ key: knownVersionsKey(environment.name) })) ??
    {}) as KnownVersions;
  const serialsUsed = Object.keys(known).map((name) => parseVersionName(name)?.serial ?? 0);
  const built = readStaging(repository, environment, { now: clock.now(), serialsUsed });
  // Both run at once, and both have ended before this does: a connection that opens later would be closed by nobody.
  await Promise.allSettled([looks, built]);
  const [hosts, { version, isNew }] = await Promise.all([looks, built]);
  const storeId = await store.readPointer({ key: storeIdKey });
  const sights = new Map<string, HostSight>();
  for (const look of hosts) {
    const { host } = look;
    try {
      if (!look.ok) throw look.error;
      const path = targetPath(environment, host);
      const { owner } = environment.content;
      refuseHost(host.name, { path, store: typeof storeId === 'string' ? storeId : null, owner }, look.value);
      sights.set(host.name, { seen: look.value, problem: null });
    } catch (thrown) {
      const { code, message } = toRotaError(thrown, 'INTERNAL', String);
      sights.set(host.name, { seen: null, problem: { code, message } });
    }
  }
  const live = (await store.readPointer({ key: liveKey(environment.name) })) as LiveRecord | null | undefined;
  const plan = await makePlan({
    environment,
    groups: p.groups,
    sights,
    live: live?.version ?? null,
    repository,
    version,
    isNew,
    work: recipeOf(environment).planned({
      kind: 'push',
      ...(p.groups === undefined ? {} : { groups: p.groups }),
    }),
  });
  const kept = keepPlan({ commit: version.commit, madeAt: clock.now().toISOString(), by: p.by, plan });
  // Nothing else refers to the commit yet.
  await repository.git(['update-ref', `refs/plans/${kept.id}`, version.commit]);
  const file = await new PlanFolder(environment.repository).keep(kept);
  const origin = await readOrigin(repository, version.commit);
  return { kept, file, repositories: origin?.repositories ?? [] };
}

/** With an index of its own: a deployment may be reading the same tree. */
async function readStaging(
  repository: VersionRepository,
  environment: EnvironmentConfig,
  p: { readonly now: Date; readonly serialsUsed: readonly number[] },
) {
  const indexFile = join(repository.path, `plan-${process.pid}.index`);
  try {
    for (const [from, to] of [
      [repository.indexFile, indexFile],
      [windowFile(repository.indexFile), windowFile(indexFile)],
    ] as const) {
      await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
    const staging = await readTree(repository, environment, indexFile);
    return await commitVersion(repository, environment, staging, p);
  } finally {
    await rm(indexFile, { force: true });
    await rm(windowFile(indexFile), { force: true });
  }
}

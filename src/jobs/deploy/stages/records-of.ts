import type { TargetHost } from '../../../config/environment-config.ts';
import { poolsFor, recordText } from '../fleet/run-record.ts';
import type { HeldEntry } from '../pools/pool-journal.ts';
import { PoolKeeper } from '../pools/pool-keeper.ts';
import { type LiveRecord, liveKey } from '../records.ts';
import type { ChosenVersion, DeployContext } from './deploy-stage.ts';

/** What each host is given to keep of the deployment. @throws RotaError POOLS_UNAVAILABLE */
export async function recordsOf(
  context: DeployContext,
  { version, commit }: ChosenVersion,
): Promise<(host: TargetHost) => Uint8Array> {
  const { stage, environment, board, parameters } = context;
  const live = (await stage.readPointer(liveKey(environment.name))) as LiveRecord | null | undefined;
  const claims = await claimsOf(context);
  const absent = new Set(board.inState('failed'));
  const record = {
    run: stage.run.id,
    at: stage.clock.now().toISOString(),
    version,
    commit,
    parameters,
    live: live ? { version: live.version, commit: live.commit } : null,
  };
  return ({ name }) => recordText({ ...record, pools: poolsFor(name, absent, claims) });
}

async function claimsOf(context: DeployContext): Promise<ReadonlyMap<string, readonly HeldEntry[]>> {
  const { pools } = context.environment;
  if (pools === null) return new Map();
  await using keeper = new PoolKeeper(context, pools);
  return await keeper.claims();
}

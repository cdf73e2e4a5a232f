import type { PoolAccess } from '../../../config/environment-pools-config.ts';
import type { Clock } from '../../../core/clock.ts';
import { EtcdV2Pools } from './etcd-v2-pools.ts';
import { EtcdV3Pools } from './etcd-v3-pools.ts';
import type { PoolStore } from './pool-store.ts';

export function openPools(settings: PoolAccess, clock: Clock): PoolStore {
  return settings.api === 'v2' ? new EtcdV2Pools(settings) : new EtcdV3Pools(settings, clock);
}

import { isLeaseMissing } from './answer-error.ts';
import { methods } from './methods.ts';
import type { Transport } from './transport.ts';

/** How long a lease has left; undefined when it has ended. */
export interface TimeLeft {
  readonly leftMs: number;
  readonly grantedMs: number;
}

/** etcd's own leases: a key that is bound to one goes when it ends. */
export interface EtcdLeases {
  /** The lease's id. */
  grant(ms: number): Promise<string>;
  /** False when it has ended. */
  keepAlive(id: string): Promise<boolean>;
  /** Ends it, with all keys that are bound to it. */
  revoke(id: string): Promise<void>;
  timeLeft(id: string): Promise<TimeLeft | undefined>;
}

export function etcdLeases(transport: Transport): EtcdLeases {
  return {
    async grant(ms) {
      const seconds = Math.max(1, Math.ceil(ms / 1000));
      return (await transport.call(methods.grantLease, { seconds })).ID;
    },
    async keepAlive(id) {
      return (await transport.call(methods.keepLeaseAlive, { ID: id })).TTL > 0;
    },
    async revoke(id) {
      try {
        await transport.call(methods.revokeLease, { ID: id });
      } catch (error) {
        if (!isLeaseMissing(error)) throw error;
      }
    },
    async timeLeft(id) {
      const { TTL, grantedTTL } = await transport.call(methods.timeToLive, { ID: id });
      return TTL <= 0 ? undefined : { leftMs: TTL * 1000, grantedMs: grantedTTL * 1000 };
    },
  };
}

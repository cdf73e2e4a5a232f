import { isLeaseMissing } from './answer-error.ts';
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

interface Ttl {
  readonly TTL?: string;
  readonly grantedTTL?: string;
}

export function etcdLeases(transport: Transport): EtcdLeases {
  return {
    async grant(ms) {
      const answer = await transport.call<{ readonly ID: string }>('/v3/lease/grant', {
        TTL: String(Math.max(1, Math.ceil(ms / 1000))),
      });
      return answer.ID;
    },
    async keepAlive(id) {
      const answer = await transport.call<{ readonly result?: Ttl }>('/v3/lease/keepalive', { ID: id });
      return Number(answer.result?.TTL ?? 0) > 0;
    },
    async revoke(id) {
      try {
        await transport.call('/v3/lease/revoke', { ID: id });
      } catch (error) {
        if (!isLeaseMissing(error)) throw error;
      }
    },
    async timeLeft(id) {
      const answer = await transport.call<Ttl>('/v3/lease/timetolive', { ID: id });
      const left = Number(answer.TTL ?? -1);
      return left <= 0
        ? undefined
        : { leftMs: left * 1000, grantedMs: Number(answer.grantedTTL ?? 0) * 1000 };
    },
  };
}

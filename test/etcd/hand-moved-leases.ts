import type { EtcdLeases } from '../../src/control/store/etcd/client/leases.ts';
import { ManualClock } from '../../src/core/manual-clock.ts';

interface Granted {
  readonly ms: number;
  renewedMs: number;
}

/**
 * A clock whose leases end when it is moved: they are real leases of etcd, granted for long, which end as an expired
 * one does (their keys go), only at the hour that the test says.
 */
export class LeaseClock extends ManualClock {
  readonly #granted = new Map<string, Granted>();
  #leases: EtcdLeases | undefined;

  /** What a store uses instead of etcd's own counting. */
  readonly over = (leases: EtcdLeases): EtcdLeases => {
    this.#leases ??= leases;
    return {
      grant: async (ms) => {
        const id = await leases.grant(3_600_000);
        this.#granted.set(id, { ms, renewedMs: this.monotonicMs() });
        return id;
      },
      keepAlive: async (id) => {
        const granted = this.#granted.get(id);
        if (granted === undefined || !(await leases.keepAlive(id))) return false;
        granted.renewedMs = this.monotonicMs();
        return true;
      },
      revoke: (id) => leases.revoke(id),
      timeLeft: async (id) => {
        const granted = this.#granted.get(id);
        if (granted === undefined || (await leases.timeLeft(id)) === undefined) return undefined;
        return { leftMs: granted.renewedMs + granted.ms - this.monotonicMs(), grantedMs: granted.ms };
      },
    };
  };

  override async advance(ms: number): Promise<void> {
    await super.advance(ms);
    for (const [id, granted] of this.#granted) {
      if (granted.renewedMs + granted.ms > this.monotonicMs()) continue;
      this.#granted.delete(id);
      await this.#leases?.revoke(id);
    }
  }
}

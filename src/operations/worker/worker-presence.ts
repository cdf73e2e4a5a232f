import type { LeaseTools } from '../../control/hold-lease.ts';
import { LeaseKeeper } from '../../control/lease-keeper.ts';
import type { LeaseGuard } from '../../control/store/lease.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { compareSeries, listDrains, listWorkers, presenceRecord, workerKey } from './workers.ts';

/** Why a worker begins nothing new for now. */
export type StandAside =
  | { readonly reason: 'drained'; readonly by: string }
  | { readonly reason: 'older'; readonly version: string; readonly host: string };

/** A worker's sign in the store that it is there, and what it reads there about itself. */
export class WorkerPresence implements AsyncDisposable {
  readonly #tools: LeaseTools;
  #slots: ReadonlyMap<string, number> = new Map();
  #held: { readonly guard: LeaseGuard; readonly keeper: LeaseKeeper; readonly shown: string } | undefined;

  constructor(tools: LeaseTools) {
    this.#tools = tools;
  }

  /** VERSION_SKEW when a worker of a newer series is at work: this one would only stand aside. */
  async begin(slots: ReadonlyMap<string, number>): Promise<void> {
    const newer = await this.#newer();
    if (newer !== undefined) {
      throw new RotaError(
        'VERSION_SKEW',
        `This is Rota ${this.#version}, and a worker of ${newer.version} is at work on ${newer.host}: install that version here too`,
        { facts: { version: this.#version, newer: newer.version, host: newer.host } },
      );
    }
    await this.#forgetDead();
    await this.show(slots);
  }

  /** Shows what the worker takes now; anew after its lease was lost with the store out of reach. */
  async show(slots: ReadonlyMap<string, number>): Promise<void> {
    this.#slots = slots;
    const { store, holder, leaseMs, clock, log } = this.#tools;
    const value = presenceRecord(holder, this.#slots);
    const shown = JSON.stringify(value);
    if (this.#held?.keeper.lost.aborted) {
      // It may still be there, and would be in its own way: a lease is distrusted before it ends.
      await store.releaseLease({ guard: this.#held.guard });
      await this.#letGo();
    }
    if (this.#held?.shown === shown) return;
    const key = workerKey(holder);
    let { guard, keeper } = this.#held ?? {};
    if (guard === undefined || keeper === undefined) {
      const grantedMonoMs = clock.monotonicMs();
      const mine = await store.acquireLease({ key, holder, leaseMs });
      const renew = () => store.renewLease({ guard: mine });
      guard = mine;
      keeper = new LeaseKeeper({ what: key, renew, leaseMs, grantedMonoMs, clock, log });
    }
    this.#held = { guard, keeper, shown: '' };
    await store.commitPointer({ key, value, guard });
    this.#held = { guard, keeper, shown };
  }

  /** Why nothing new is to be begun on this host or by this version now, if so. */
  async standAside(): Promise<StandAside | undefined> {
    const { store, holder } = this.#tools;
    const drain = (await listDrains(store)).find(({ host }) => host === holder.host);
    if (drain !== undefined) return { reason: 'drained', by: drain.by };
    const newer = await this.#newer();
    return newer === undefined ? undefined : { reason: 'older', version: newer.version, host: newer.host };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const held = this.#held;
    await this.#letGo();
    if (held === undefined) return;
    const { store, clock, log } = this.#tools;
    try {
      await store.releaseLease({ guard: held.guard });
      const writtenBefore = new Date(clock.now().getTime() + 1);
      await store.prunePointers({ prefix: held.guard.key, writtenBefore });
    } catch (error) {
      log.warn(
        { err: error },
        'the sign that this worker is here could not be taken away; it ends with its lease',
      );
    }
  }

  get #version(): string {
    return this.#tools.holder.version ?? '0';
  }

  /** What workers left that were killed; hosts of containers have a new name each time. */
  async #forgetDead(): Promise<void> {
    const { store, clock } = this.#tools;
    for (const { key } of await store.listPointers({ prefix: 'worker/' })) {
      if ((await store.readLease({ key }))?.alive) continue;
      await store.prunePointers({ prefix: key, writtenBefore: new Date(clock.now().getTime() + 1) });
    }
  }

  async #newer() {
    const workers = await listWorkers(this.#tools.store);
    return workers.find((worker) => compareSeries(worker.version, this.#version) > 0);
  }

  async #letGo(): Promise<void> {
    await this.#held?.keeper[Symbol.asyncDispose]();
    this.#held = undefined;
  }
}

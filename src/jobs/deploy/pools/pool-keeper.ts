import type { PoolService, PoolSettings } from '../../../config/environment-pools-config.ts';
import { isRotaError, RotaError } from '../../../core/errors/rota-error.ts';
import type { DeployContext } from '../stages/deploy-stage.ts';
import { HeldEntries } from './held-entries.ts';
import { openPools } from './open-pools.ts';
import type { HeldEntry, PoolJournal } from './pool-journal.ts';
import { type PoolEntry, type PoolStore, serviceName, withPooled } from './pool-store.ts';
import { askPybal, describePybal } from './pybal-state.ts';

const lookAgainMs = 500;

/** What came of bringing hosts back into their pools. */
export interface Repooled {
  /** Hosts whose entry somebody else changed meanwhile: left as they are. */
  readonly left: readonly string[];
}

/**
 * Takes hosts out of the pools of their load balancers and brings them back. What is changed is written down first, with its
 * revision: whoever resumes knows what is ours, and what somebody else changed since is left alone.
 */
export class PoolKeeper implements AsyncDisposable {
  readonly #context: DeployContext;
  readonly #settings: PoolSettings;
  readonly #store: PoolStore;
  readonly #journal: HeldEntries;

  constructor(context: DeployContext, settings: PoolSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#journal = new HeldEntries(context);
    this.#store = openPools(settings, context.stage.clock);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store[Symbol.asyncDispose]();
  }

  /** Works while nobody else changes these pools: one lock a pool, whatever environment hosts belong to. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const names = this.#settings.services.map(serviceName).sort();
    const locked = (i: number): Promise<T> => {
      const name = names[i];
      return name === undefined
        ? work()
        : this.#context.stage.withLease(`deploy-pool/${name}`, () => locked(i + 1));
    };
    return await locked(0);
  }

  /**
   * Those of the hosts that may leave their pools now; waits while none may. Hosts that are in no pool may always.
   * @throws RotaError POOL_FLOOR, POOLS_UNAVAILABLE
   */
  async mayLeave(hosts: readonly string[]): Promise<readonly string[]> {
    return await this.#patiently(async () => {
      const held = Object.keys(await this.#journal.read());
      const barred = new Set<string>();
      let full: PoolService | undefined;
      for (const service of this.#settings.services) {
        const entries = await this.#store.list(service);
        const room = await this.#roomIn(service, entries, held);
        const pooled = hosts.filter((host) => entries.get(host)?.value.pooled === 'yes');
        for (const host of pooled.slice(Math.max(0, room))) barred.add(host);
        if (pooled.length > 0 && room < 1) full = service;
      }
      const may = hosts.filter((host) => !barred.has(host));
      if (may.length > 0 || full === undefined) return may;
      throw new RotaError(
        'POOL_FLOOR',
        `Pool ${serviceName(full)} keeps ${Math.round(full.floor * 100)} % of its hosts, so none may leave it now`,
        { facts: { pool: serviceName(full) } },
      );
    });
  }

  /**
   * Takes a host out that may serve an old version, if the floor allows it and so many others may still leave. Waits for no load
   * balancer.
   */
  async exclude(host: string, others = 0): Promise<boolean> {
    const held = Object.keys(await this.#journal.read());
    const found: PoolEntry[] = [];
    for (const service of this.#settings.services) {
      const entries = await this.#patiently(() => this.#store.list(service));
      const entry = entries.get(host);
      if (entry?.value.pooled !== 'yes') continue;
      if ((await this.#roomIn(service, entries, held)) < 1 + others) return false;
      found.push(entry);
    }
    for (const entry of found) await this.#take(host, entry);
    return true;
  }

  /** Pooled hosts that a load balancer does not show as up serve nobody: they do not count. */
  async #roomIn(
    service: PoolService,
    entries: ReadonlyMap<string, PoolEntry>,
    held: readonly string[],
  ): Promise<number> {
    const { signal } = this.#context.stage;
    const pooled = [...entries].filter(([, { value }]) => value.pooled === 'yes').map(([host]) => host);
    const serves = await Promise.all(
      pooled.map(async (host) => {
        const states = await Promise.all(service.pybal.map((one) => askPybal(one, host, signal)));
        return states.every((state) => state.known && state.up && state.pooled);
      }),
    );
    const ours = held.filter((host) => entries.get(host)?.value.pooled === 'no');
    return roomIn(service.floor, pooled.length + ours.length, serves.filter(Boolean).length);
  }

  /**
   * Takes hosts out of all their pools and waits until every load balancer agrees. Hosts that are out already, or inactive, stay
   * as they are. @throws RotaError POOLS_UNAVAILABLE, POOL_DISAGREES
   */
  async depool(hosts: readonly string[]): Promise<void> {
    const polled: { readonly host: string; readonly service: PoolService }[] = [];
    for (const service of this.#settings.services) {
      const entries = await this.#patiently(() => this.#store.list(service));
      for (const host of hosts) {
        const entry = entries.get(host);
        if (entry === undefined || entry.value.pooled === 'inactive') continue;
        polled.push({ host, service });
        if (entry.value.pooled === 'yes') await this.#take(host, entry);
      }
    }
    await this.#agree(polled, 'out');
    if (polled.length > 0)
      await this.#context.stage.clock.sleep(this.#settings.graceMs, this.#context.stage.signal);
  }

  /** Gives hosts back what we took, where it is still ours, and waits until load balancers agree. */
  async repool(hosts: readonly string[]): Promise<Repooled> {
    const left = new Set<string>();
    const polled: { readonly host: string; readonly service: PoolService }[] = [];
    for (const host of hosts) {
      for (const entry of (await this.#journal.read())[host] ?? []) {
        const isBack = await this.#give(host, entry);
        const service = this.#settings.services.find((one) =>
          entry.key.startsWith(`${this.#settings.prefix}/${serviceName(one)}/`),
        );
        if (!isBack) left.add(host);
        else if (service !== undefined) polled.push({ host, service });
      }
    }
    await this.#agree(polled, 'in');
    return { left: [...left] };
  }

  /**
   * What would be ours of each host, were it taken out now: its entries that are pooled, and those that we hold already. So it can be
   * written down elsewhere before the first is taken. @throws RotaError POOLS_UNAVAILABLE
   */
  async claims(): Promise<ReadonlyMap<string, readonly HeldEntry[]>> {
    const claims = new Map(Object.entries(await this.#journal.read()));
    for (const service of this.#settings.services) {
      for (const [host, entry] of await this.#patiently(() => this.#store.list(service))) {
        if (entry.value.pooled === 'yes') claims.set(host, [...(claims.get(host) ?? []), claimOf(entry)]);
      }
    }
    return claims;
  }

  /** Takes up what another run store's deployments held, where the entry is still as they left it. */
  async inherit(claims: PoolJournal): Promise<readonly string[]> {
    const found = await Promise.all(
      this.#settings.services.map((service) => this.#patiently(() => this.#store.list(service))),
    );
    const texts = new Map(
      found.flatMap((entries) => [...entries.values()].map(({ key, text }) => [key, text] as const)),
    );
    const journal = await this.#journal.read();
    const inherited: string[] = [];
    for (const [host, entries] of Object.entries(claims)) {
      const known = (journal[host] ?? []).map(({ key }) => key);
      const ours = entries.filter(({ key, ours: text }) => texts.get(key) === text && !known.includes(key));
      // Of its revision nothing is known here: byte for byte ours is ours.
      for (const entry of ours) await this.#journal.note(host, { ...entry, ourRevision: null });
      if (ours.length > 0) inherited.push(host);
    }
    return inherited;
  }

  /** Hosts that we took out and did not bring back yet. */
  async held(): Promise<readonly string[]> {
    return Object.keys(await this.#journal.read());
  }

  async #take(host: string, entry: PoolEntry): Promise<void> {
    const held = claimOf(entry);
    await this.#journal.note(host, held);
    const ourRevision = await this.#patiently(() => this.#store.swap(entry, held.ours));
    if (ourRevision === null) {
      await this.#journal.forget(host, entry.key);
      throw new RotaError(
        'POOL_DISAGREES',
        `${entry.key} was changed by somebody else just now: look who works on ${host}`,
        { facts: { host, key: entry.key } },
      );
    }
    await this.#journal.note(host, { ...held, ourRevision });
  }

  /** False where somebody else changed the entry meanwhile. */
  async #give(host: string, held: HeldEntry): Promise<boolean> {
    const service = this.#settings.services.find((one) =>
      held.key.startsWith(`${this.#settings.prefix}/${serviceName(one)}/`),
    );
    const entry =
      service === undefined ? undefined : (await this.#patiently(() => this.#store.list(service))).get(host);
    // Of an intent alone it is not known whether it was carried out: byte for byte ours is ours.
    const isOurs =
      entry !== undefined &&
      (held.ourRevision === null ? entry.text === held.ours : entry.revision === held.ourRevision);
    const isUntouched = entry?.revision === held.beforeRevision;
    let isBack = isUntouched;
    if (isOurs && entry !== undefined) {
      isBack = (await this.#patiently(() => this.#store.swap(entry, held.before))) !== null;
    }
    if (!isBack) {
      this.#context.stage.log.warn(
        { host, key: held.key },
        'somebody else changed a host in its pool meanwhile: it is left as it is',
      );
    }
    await this.#journal.forget(host, held.key);
    return isBack;
  }

  async #agree(
    polled: readonly { readonly host: string; readonly service: PoolService }[],
    wanted: 'in' | 'out',
  ): Promise<void> {
    const { stage } = this.#context;
    await Promise.all(
      polled.flatMap(({ host, service }) =>
        service.pybal.map(async (balancer) => {
          await this.#patiently(async () => {
            const state = await askPybal(balancer, host, stage.signal);
            const agrees =
              state.known &&
              (wanted === 'out'
                ? !state.enabled && !state.pooled
                : state.enabled && state.up && state.pooled);
            if (agrees) return;
            throw new RotaError(
              'POOL_DISAGREES',
              `${host} should be ${wanted} of ${balancer.pool}, but ${balancer.url} says: ${describePybal(state)}`.replace(
                'in of',
                'in',
              ),
              { facts: { host, pool: balancer.pool } },
            );
          });
        }),
      ),
    );
  }

  /** Tries again what may pass, for as long as a wave waits. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const { stage } = this.#context;
    const signal = AbortSignal.any([stage.signal, stage.stopping]);
    const untilMs = stage.clock.monotonicMs() + this.#settings.waitMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (!isRotaError(error, 'POOLS_UNAVAILABLE', 'POOL_FLOOR', 'POOL_DISAGREES')) throw error;
        if (stage.clock.monotonicMs() >= untilMs) throw error;
      }
      await stage.clock.sleep(lookAgainMs, signal);
    }
  }
}

/** What is written down before an entry is changed. */
function claimOf(entry: PoolEntry): HeldEntry {
  return {
    key: entry.key,
    before: entry.text,
    beforeRevision: entry.revision,
    ours: withPooled(entry, 'no'),
    ourRevision: null,
  };
}

/** How many hosts may leave a pool of `all` hosts, of which `serving` serve now. */
export function roomIn(floor: number, all: number, serving: number): number {
  return serving - Math.ceil(floor * all);
}

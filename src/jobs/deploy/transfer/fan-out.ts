/** A host of a tree. */
export interface FanOutHost {
  readonly name: string;
  readonly rack?: string;
}

/** How something comes to a host. */
export interface FanOutLinks<Host extends FanOutHost> {
  /** From this machine. What it throws is the host's failure. */
  send(host: Host): Promise<void>;
  /** Lets a host that has it serve these. What it throws is the host's fault that should have served. */
  offer(parent: Host, children: readonly Host[]): Promise<void>;
  /** From another host. False: that one did not serve. What it throws is the child's failure. */
  fetch(child: Host, parent: Host): Promise<boolean>;
}

interface Source<Host> {
  readonly host: Host;
  free: number;
}

interface Waiting<Host> {
  readonly host: Host;
  /** Who did not serve it. */
  readonly refusedBy: Set<string>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A host that so many relays did not serve waits for no other. */
const relaysTried = 2;

/**
 * Brings one file to many hosts. This machine sends it to as many as the tree is wide; each host that has it serves as many
 * at once, those of its own rack first. A host that does not serve is asked no more, and its children go elsewhere: to
 * another host, at last to this machine.
 */
export class FanOut<Host extends FanOutHost> {
  readonly #width: number;
  readonly #links: FanOutLinks<Host>;
  readonly #sources = new Map<string, Source<Host>>();
  readonly #rootRacks = new Map<string | undefined, number>();
  #waiting: Waiting<Host>[] = [];
  #rootsLeft: number;
  #underWay = 0;

  constructor(width: number, links: FanOutLinks<Host>) {
    this.#width = width;
    this.#rootsLeft = width;
    this.#links = links;
  }

  /** Resolves when the host has it. @throws what `send` and `fetch` throw of this host */
  bring(host: Host): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ host, refusedBy: new Set(), resolve, reject });
      // All hosts that ask at once are looked at together: which of them are sent to is a matter of their racks.
      queueMicrotask(() => this.#next());
    });
  }

  /** Whether hosts are still waiting, or on their way and may have to be served once more. */
  get isUnfinished(): boolean {
    return this.#waiting.length > 0 || this.#underWay > 0;
  }

  #next(): void {
    const chosen = new Map<Source<Host>, Waiting<Host>[]>();
    for (const waiting of [...this.#waiting]) {
      const source = this.#sourceFor(waiting);
      if (source === null) continue;
      source.free--;
      this.#take(waiting);
      chosen.set(source, [...(chosen.get(source) ?? []), waiting]);
    }
    for (const [source, children] of chosen) void this.#serve(source, children);
    while (this.#rootsLeft > 0 && this.#waiting.length > 0) {
      this.#rootsLeft--;
      this.#send(this.#rarestRack());
    }
    // Nobody serves these, and nobody who might is on the way.
    for (const waiting of [...this.#waiting]) {
      const hope =
        this.#underWay > 0 || [...this.#sources.keys()].some((name) => !waiting.refusedBy.has(name));
      if (waiting.refusedBy.size >= relaysTried || !hope) this.#send(waiting);
    }
  }

  #sourceFor({ host, refusedBy }: Waiting<Host>): Source<Host> | null {
    if (refusedBy.size >= relaysTried) return null;
    const able = [...this.#sources.values()].filter(
      (source) => source.free > 0 && !refusedBy.has(source.host.name),
    );
    const near = able.filter((source) => source.host.rack === host.rack);
    return (near.length > 0 ? near : able).toSorted((a, b) => b.free - a.free)[0] ?? null;
  }

  /** So that a rack has a host of its own to ask as soon as may be. */
  #rarestRack(): Waiting<Host> {
    const served = (one: Waiting<Host>) => this.#rootRacks.get(one.host.rack) ?? 0;
    const rarest = this.#waiting.reduce((best, one) => (served(one) < served(best) ? one : best));
    this.#rootRacks.set(rarest.host.rack, served(rarest) + 1);
    return rarest;
  }

  #take(waiting: Waiting<Host>): void {
    this.#waiting = this.#waiting.filter((one) => one !== waiting);
    this.#underWay++;
  }

  #send(waiting: Waiting<Host>): void {
    this.#take(waiting);
    this.#links.send(waiting.host).then(
      () => this.#has(waiting),
      (error) => this.#failed(waiting, error),
    );
  }

  async #serve(source: Source<Host>, children: readonly Waiting<Host>[]): Promise<void> {
    try {
      await this.#links.offer(
        source.host,
        children.map(({ host }) => host),
      );
    } catch {
      for (const child of children) this.#refused(child, source);
      this.#next();
      return;
    }
    for (const child of children) {
      this.#links.fetch(child.host, source.host).then(
        (served) => {
          source.free++;
          if (served) this.#has(child);
          else {
            this.#refused(child, source);
            this.#next();
          }
        },
        (error) => {
          source.free++;
          this.#failed(child, error);
        },
      );
    }
  }

  #refused(child: Waiting<Host>, { host }: Source<Host>): void {
    this.#sources.delete(host.name);
    child.refusedBy.add(host.name);
    this.#waiting.push(child);
    this.#underWay--;
  }

  #has(waiting: Waiting<Host>): void {
    this.#underWay--;
    this.#sources.set(waiting.host.name, { host: waiting.host, free: this.#width });
    // First the offers, then what the host itself does with it.
    this.#next();
    waiting.resolve();
  }

  #failed(waiting: Waiting<Host>, error: unknown): void {
    this.#underWay--;
    waiting.reject(error);
    this.#next();
  }
}

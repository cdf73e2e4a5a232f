import type { TargetHost } from '../../../config/environment-config.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { Limiter } from '../../../export/containers/limiter.ts';
import type { DeployContext } from '../stages/deploy-stage.ts';
import { targetStatus } from '../target/prelude.ts';
import { fetchPack, offer, type RelayKey, withdraw } from '../target/programs/relay.ts';
import type { Pack } from '../version/make-pack.ts';
import { makeRelayKey } from './relay-key.ts';
import { type SshAddress, sshAddress } from './ssh-address.ts';

/** So many configurations of ssh are read at once. */
const askedAtOnce = 8;

/** How hosts of a deployment get a pack from each other, until it is closed. */
export class RelayWay {
  readonly #context: DeployContext;
  readonly #key: RelayKey | null;
  readonly #addresses: ReadonlyMap<string, SshAddress>;
  readonly #keepers = new Map<string, TargetHost>();

  private constructor(
    context: DeployContext,
    key: RelayKey | null,
    addresses: ReadonlyMap<string, SshAddress>,
  ) {
    this.#context = context;
    this.#key = key;
    this.#addresses = addresses;
  }

  /** Null where this machine sends to all hosts itself: as that is wanted, or as they are no more than it would serve anyway. */
  static async open(context: DeployContext): Promise<RelayWay | null> {
    const { environment, stage } = context;
    const { relay, width } = environment.transfer;
    const hosts = context.active().filter(({ address }) => address.kind === 'ssh');
    if (relay === 'star' || hosts.length <= width) return null;
    if (relay === 'command') return new RelayWay(context, null, new Map());
    const limiter = new Limiter(askedAtOnce);
    const found = await Promise.all(
      hosts.map((host) =>
        limiter.run(async () => [host.name, await sshAddress(host, environment.ssh)] as const),
      ),
    );
    const addresses = new Map(found.flatMap(([name, at]) => (at === null ? [] : [[name, at] as const])));
    return new RelayWay(context, await makeRelayKey(stage.workspace), addresses);
  }

  /** Whether a host can be part of a tree. */
  reaches(host: TargetHost): boolean {
    return host.address.kind === 'ssh' && (this.#key === null || this.#addresses.has(host.name));
  }

  /** That it has a file for others. */
  keep(host: TargetHost): void {
    this.#keepers.set(host.name, host);
  }

  async offer(parent: TargetHost, children: readonly TargetHost[], { sha256 }: Pack): Promise<void> {
    this.keep(parent);
    if (this.#key === null) return;
    const { fleet, stage, environment } = this.#context;
    const { publicKey } = this.#key;
    const { authorizedKeys } = environment.transfer;
    const addresses = children.flatMap(({ name }) => this.#addresses.get(name)?.address ?? []);
    const site = this.#context.siteOf(parent);
    await fleet.run(parent, offer({ ...site, sha256, publicKey, addresses, authorizedKeys }), stage.signal);
  }

  /** Whether the parent served. @throws RotaError what is the child's fault */
  async fetch(child: TargetHost, parent: TargetHost, { sha256, bytes }: Pack): Promise<boolean> {
    const { fleet, stage, environment } = this.#context;
    const { timeoutMs } = environment.transfer;
    const site = this.#context.siteOf(child);
    const way = await this.#wayTo(child, parent);
    if (way === null) return false;
    try {
      await fleet.run(
        child,
        fetchPack({ ...site, sha256, bytes, from: parent.name, way, timeoutMs }),
        stage.signal,
      );
      return true;
    } catch (error) {
      if (!isRotaError(error) || error.facts.status !== targetStatus.relayFailed) throw error;
      stage.log.warn({ host: child.name, from: parent.name, err: error }, 'a relay did not serve');
      return false;
    }
  }

  /** Takes away what let hosts ask, and the packs. What cannot be reached loses the right within the hour. */
  async close(): Promise<void> {
    const { fleet, stage, environment, siteOf } = this.#context;
    const { authorizedKeys } = environment.transfer;
    if (stage.signal.aborted) return;
    const keepers = [...this.#keepers.values()];
    const outcomes = await fleet.each(
      keepers,
      (host) => fleet.run(host, withdraw({ ...siteOf(host), authorizedKeys }), stage.signal),
      { signal: stage.signal },
    );
    for (const outcome of outcomes) {
      if (outcome.ok) continue;
      stage.log.warn({ host: outcome.host.name, err: outcome.error }, 'a relay could not be cleared up');
    }
  }

  async #wayTo(
    child: TargetHost,
    parent: TargetHost,
  ): Promise<Parameters<typeof fetchPack>[0]['way'] | null> {
    const { command } = this.#context.environment.transfer;
    if (this.#key === null) return { kind: 'command', command: command ?? 'false' };
    const [at, own] = [this.#addresses.get(parent.name), this.#addresses.get(child.name)];
    const { user } = await this.#context.look(parent);
    if (at === undefined || own === undefined || user === null) return null;
    return { kind: 'ssh', key: this.#key, user, ...at, own: own.address };
  }
}

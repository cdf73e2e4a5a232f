import type { TargetHost } from '../../../config/environment-config.ts';
import type { DeployContext } from '../stages/deploy-stage.ts';
import { incomingPath } from '../target/programs/receive.ts';
import type { Pack } from '../version/make-pack.ts';
import { FanOut } from './fan-out.ts';
import type { RelayWay } from './relay-way.ts';

/** One pack on its way to the hosts that need it. */
export class PackTree {
  readonly pack: Pack;
  readonly #context: DeployContext;
  readonly #way: RelayWay | null;
  readonly #tree: FanOut<TargetHost> | null;

  /** @param way how hosts get it from each other; null: all get it from here */
  constructor(context: DeployContext, way: RelayWay | null, pack: Pack) {
    this.pack = pack;
    this.#context = context;
    this.#way = way;
    this.#tree =
      way === null
        ? null
        : new FanOut(context.environment.transfer.width, {
            send: (host) => this.#send(host),
            offer: (parent, children) => way.offer(parent, children, pack),
            fetch: (child, parent) => way.fetch(child, parent, pack),
          });
  }

  /** @returns whether the file must stay there, because others may ask for it */
  async bring(host: TargetHost): Promise<boolean> {
    if (this.#tree === null || this.#way === null || !this.#way.reaches(host)) {
      await this.#send(host);
      return false;
    }
    await this.#tree.bring(host);
    const stays = this.#tree.isUnfinished;
    if (stays) this.#way.keep(host);
    return stays;
  }

  async #send(host: TargetHost): Promise<void> {
    const { path, deadlineMs } = this.#context.siteOf(host);
    const { file, bytes, sha256 } = this.pack;
    const to = incomingPath(path, sha256);
    await this.#context.fleet.send(host, { file, bytes, path: to, deadlineMs }, this.#context.stage.signal);
  }
}

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { OperationsFarm } from './operations-farm.ts';

/**
 * The api.php of a farm's wikis, which keeps its answers to itself until the test opens: a dump stays in its first
 * stage, however fast or slow the machine is.
 */
export class SiteinfoGate implements AsyncDisposable {
  readonly #server: Server;
  readonly #folder: string;
  readonly #waiting = new Set<{ readonly wiki: string; readonly response: ServerResponse }>();
  readonly #asked = new Set<string>();
  #heard = () => {};
  #isOpen = false;

  private constructor(server: Server, folder: string) {
    this.#server = server;
    this.#folder = folder;
    server.on('request', (request, response) => {
      const [, wiki = ''] = (request.url ?? '').split(/[/?]/);
      this.#asked.add(wiki);
      this.#waiting.add({ wiki, response });
      if (this.#isOpen) void this.#answer();
      this.#heard();
    });
  }

  static async make(folder: string): Promise<SiteinfoGate> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SiteinfoGate(server, folder);
  }

  /** For `wikis.<name>.siteinfo`. */
  urlOf(wiki: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${wiki}`;
  }

  /** Resolves when the dumps of all these wikis have asked. */
  async reached(farm: OperationsFarm): Promise<void> {
    while (!farm.wikis.every((wiki) => this.#asked.has(wiki))) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  async open(): Promise<void> {
    this.#isOpen = true;
    await this.#answer();
  }

  async #answer(): Promise<void> {
    for (const one of [...this.#waiting]) {
      this.#waiting.delete(one);
      // Who asked may be gone.
      one.response.on('error', () => {});
      one.response.end(await readFile(join(this.#folder, `${one.wiki}.json`)));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

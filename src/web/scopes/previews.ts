import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What other rules would do to a scope, as `rota --json report preview` tells it. */
export interface PreviewFacts {
  readonly rules: readonly PreviewRule[];
  readonly asOf: string;
  /** Rules that can match nothing, as sentences. */
  readonly problems: readonly string[];
  readonly gained: number;
  readonly lost: number;
  readonly moved: number;
}

export interface PreviewRule {
  readonly kind: string;
  /** The category; null: one for each project. */
  readonly title: string | null;
  readonly display: string;
  readonly tasks: number;
  readonly gained: number;
  readonly lost: number;
  readonly isGone: boolean;
}

/** Makes a report of a scope file into a folder, on the last load, published nowhere. Throws what is wrong with it. */
export type MakePreview = (p: {
  readonly file: string;
  readonly output: string;
  readonly signal: AbortSignal;
}) => Promise<PreviewFacts>;

export interface Preview extends PreviewFacts {
  /** Its report is at `/previews/<id>/`. */
  readonly id: string;
}

/** Older ones are removed. */
const kept = 8;
const longestMs = 120_000;
/** What a server that was killed left behind. */
const forgottenMs = 24 * 3_600_000;

/** Previews of edited scopes: one is made at a time, for it takes a core; the newest few can be looked at. */
export class Previews implements AsyncDisposable {
  readonly #home: string;
  readonly #folder: string;
  readonly #make: MakePreview;
  readonly #ended: AbortSignal;
  readonly #ids: string[] = [];
  #busy = false;

  /** @param folder of all servers of the farm */
  constructor(folder: string, make: MakePreview, ended: AbortSignal) {
    this.#home = folder;
    this.#folder = join(folder, randomBytes(8).toString('hex'));
    this.#make = make;
    this.#ended = ended;
  }

  /** Undefined while another one is made. */
  async make(scope: string, text: string): Promise<Preview | undefined> {
    if (this.#busy) return undefined;
    this.#busy = true;
    const id = randomBytes(8).toString('hex');
    const folder = join(this.#folder, id);
    try {
      if (this.#ids.length === 0) await removeForgotten(this.#home);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = join(folder, `${scope}.yaml`);
      await writeFile(file, text, { mode: 0o600 });
      const signal = AbortSignal.any([this.#ended, AbortSignal.timeout(longestMs)]);
      const facts = await this.#make({ file, output: this.reportOf(id), signal });
      this.#ids.push(id);
      for (const old of this.#ids.splice(0, Math.max(0, this.#ids.length - kept))) await this.#remove(old);
      return { ...facts, id };
    } catch (error) {
      await this.#remove(id);
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  /** Whether there is such a preview to be looked at. */
  has(id: string): boolean {
    return this.#ids.includes(id);
  }

  reportOf(id: string): string {
    return join(this.#folder, id, 'report');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #remove(id: string): Promise<void> {
    await rm(join(this.#folder, id), { recursive: true, force: true });
  }
}

async function removeForgotten(home: string): Promise<void> {
  for (const name of await readdir(home).catch(() => [])) {
    const folder = join(home, name);
    const found = await stat(folder).catch(() => null);
    if (found === null || Date.now() - found.mtimeMs < forgottenMs) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, writeFileAtomic } from '../../../../publish/files/durable.ts';

/** Answers that were had already, a file each: a load that was killed goes on with the first that is missing. */
export class AnswerCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async get(method: string, parameters: object, ask: () => Promise<unknown>): Promise<unknown> {
    const digest = createHash('sha256')
      .update(JSON.stringify([method, parameters]))
      .digest('hex');
    const file = join(this.#folder, `${digest}.json`);
    try {
      return JSON.parse(await readFile(file, 'utf8'));
    } catch {
      // Not asked yet (or cut off by a crash of the machine): ask.
    }
    const answer = await ask();
    await makeFolder(this.#folder, 0o700);
    await writeFileAtomic(file, JSON.stringify(answer), { mode: 0o600 });
    return answer;
  }
}

import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../core/clock.ts';

export interface AuditEntry {
  /** Name of the token; null: nobody. */
  readonly by: string | null;
  readonly from: string;
  readonly action: string;
  readonly what?: string;
  /** `done`, or the code of what was refused. */
  readonly outcome: string;
}

/** What was asked for over the web, by whom and from where: a line of JSON each, readable by the owner only. */
export class AuditLog {
  readonly #file: string;
  readonly #clock: Clock;

  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** JSON has no line ends of its own, so no value can begin a second entry. */
  async write(entry: AuditEntry): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    const line = JSON.stringify({ at: this.#clock.now().toISOString(), ...entry });
    await appendFile(this.#file, `${line}\n`, { mode: 0o600 });
  }
}

import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { AccessToken } from '../../operations/access/tokens.ts';

export interface Session {
  readonly id: string;
  readonly name: string;
  /** Sent back by every form: a page of another site cannot know it. */
  readonly formKey: string;
  /** Digest of the token, to look every time whether it is still valid. */
  readonly token: string;
}

const lastsMs = 12 * 3_600_000;
const largestMemory = 1_000;

/** Who is signed in, in memory: after a restart people sign in again. */
export class Sessions {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, { readonly session: Session; readonly endsMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(person: AccessToken, token: string): Session {
    const id = randomBytes(32).toString('base64url');
    const formKey = createHash('sha256').update(`form ${id}`).digest('base64url');
    const session = { id, name: person.name, formKey, token };
    this.#sessions.set(id, { session, endsMs: this.#clock.monotonicMs() + lastsMs });
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > largestMemory && oldest !== undefined) this.#sessions.delete(oldest);
    return session;
  }

  find(id: string): Session | undefined {
    const found = this.#sessions.get(id);
    if (found === undefined) return undefined;
    if (found.endsMs > this.#clock.monotonicMs()) return found.session;
    this.#sessions.delete(id);
    return undefined;
  }

  end(id: string): void {
    this.#sessions.delete(id);
  }
}

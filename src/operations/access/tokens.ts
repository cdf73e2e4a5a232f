import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Holder } from '../../control/store/lease.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { Clock } from '../../core/clock.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { isName } from '../../core/ids.ts';
import { isRole, type Role } from './roles.ts';

/** A person's right to use the web interface: the token itself is told once and kept nowhere. */
export interface AccessToken {
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** What the store holds. A token has 256 random bits, so a plain SHA-256 is as good as a slow hash. */
interface StoredToken {
  readonly role: Role;
  readonly sha256: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly revokedAt?: string;
}

const prefix = 'access-token/';
const leaseKey = 'access-tokens';
const leaseMs = 30_000;

/** Tokens lie hashed in the store, so all hosts of a farm know the same ones. */
export class AccessTokens {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #holder: Holder;

  constructor(p: { readonly store: RunStore; readonly clock: Clock; readonly holder: Holder }) {
    this.#store = p.store;
    this.#clock = p.clock;
    this.#holder = p.holder;
  }

  /**
   * Makes a token and gives it.
   * @throws RotaError TOKEN_EXISTS where the name has one; USAGE for a name that cannot be one
   */
  async add(p: { readonly name: string; readonly role: Role; readonly by: string }): Promise<string> {
    if (!isName(p.name)) {
      throw new RotaError(
        'USAGE',
        `${JSON.stringify(p.name)} cannot be the name of a token: use letters, digits, ".", "-" and "_"`,
      );
    }
    const token = `rota_${randomBytes(32).toString('base64url')}`;
    await this.#change(p.name, (before) => {
      if (before !== undefined && before.revokedAt === undefined) {
        throw new RotaError(
          'TOKEN_EXISTS',
          `${p.name} has a token (${before.role}); take it away first: rota token revoke ${p.name}`,
        );
      }
      return {
        role: p.role,
        sha256: digest(token).toString('hex'),
        createdAt: this.#clock.now().toISOString(),
        createdBy: p.by,
      };
    });
    return token;
  }

  /** @throws RotaError TOKEN_UNKNOWN where the name has none */
  async revoke(name: string): Promise<void> {
    await this.#change(name, (before) => {
      if (before === undefined || before.revokedAt !== undefined) {
        throw new RotaError('TOKEN_UNKNOWN', `${name} has no token; see rota token list`);
      }
      return { ...before, revokedAt: this.#clock.now().toISOString() };
    });
  }

  /** Those that are valid, by name. */
  async list(): Promise<readonly AccessToken[]> {
    return (await this.#read()).map(({ name, stored }) => ({
      name,
      role: stored.role,
      createdAt: new Date(stored.createdAt),
      createdBy: stored.createdBy,
    }));
  }

  /** Of one person; undefined where there is none (any more). One key is read, whatever others there are. */
  async named(name: string): Promise<AccessToken | undefined> {
    const stored = parseStored(await this.#store.readPointer({ key: `${prefix}${name}` }));
    if (stored === undefined || stored.revokedAt !== undefined) return undefined;
    const { role, createdAt, createdBy } = stored;
    return { name, role, createdAt: new Date(createdAt), createdBy };
  }

  /** Whose a token is; undefined where it is nobody's (any more). Takes the same time for every wrong one. */
  async find(token: string): Promise<AccessToken | undefined> {
    const given = digest(token);
    let found: AccessToken | undefined;
    for (const { name, stored } of await this.#read()) {
      if (!timingSafeEqual(given, Buffer.from(stored.sha256, 'hex'))) continue;
      const { role, createdAt, createdBy } = stored;
      found = { name, role, createdAt: new Date(createdAt), createdBy };
    }
    return found;
  }

  async #read(): Promise<readonly { readonly name: string; readonly stored: StoredToken }[]> {
    const pointers = await this.#store.listPointers({ prefix });
    return pointers.flatMap(({ key, value }) => {
      const stored = parseStored(value);
      if (stored === undefined || stored.revokedAt !== undefined) return [];
      return [{ name: key.slice(prefix.length), stored }];
    });
  }

  async #change(name: string, make: (before: StoredToken | undefined) => StoredToken): Promise<void> {
    const guard = await this.#store.acquireLease({ key: leaseKey, holder: this.#holder, leaseMs });
    try {
      const key = `${prefix}${name}`;
      const before = parseStored(await this.#store.readPointer({ key }));
      await this.#store.commitPointer({ key, value: make(before), guard });
    } finally {
      await this.#store.releaseLease({ guard });
    }
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function parseStored(value: unknown): StoredToken | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const stored = value as StoredToken;
  return isRole(stored.role) && /^[0-9a-f]{64}$/.test(stored.sha256) ? stored : undefined;
}

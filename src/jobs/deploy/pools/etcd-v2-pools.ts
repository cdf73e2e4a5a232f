import type { PoolAccess, PoolName } from '../../../config/environment-pools-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { type PoolEntry, type PoolStore, parsePoolValue, serviceKey } from './pool-store.ts';

interface Node {
  readonly key: string;
  readonly value?: string;
  readonly modifiedIndex: number;
  readonly nodes?: readonly Node[];
}

interface Answer {
  readonly node?: Node;
  readonly errorCode?: number;
  readonly message?: string;
}

const timeoutMs = 5_000;
/** Error codes of etcd's second interface. */
const keyNotFound = 100;
const compareFailed = 101;

/** Pools in etcd's second interface, as conftool writes them. */
export class EtcdV2Pools implements PoolStore {
  readonly #settings: Pick<PoolAccess, 'endpoints' | 'prefix'>;

  constructor(settings: Pick<PoolAccess, 'endpoints' | 'prefix'>) {
    this.#settings = settings;
  }

  async list(service: PoolName): Promise<ReadonlyMap<string, PoolEntry>> {
    const path = serviceKey(this.#settings.prefix, service);
    const answer = await this.#call(`${keyPath(path)}?recursive=true&quorum=true`, {});
    if (answer.errorCode === keyNotFound) return new Map();
    const entries = new Map<string, PoolEntry>();
    for (const { key, value: text = '', modifiedIndex } of answer.node?.nodes ?? []) {
      const value = parsePoolValue(text);
      if (value !== null) {
        entries.set(key.slice(path.length + 1), { key, text, value, revision: String(modifiedIndex) });
      }
    }
    return entries;
  }

  async swap({ key, revision }: Pick<PoolEntry, 'key' | 'revision'>, text: string): Promise<string | null> {
    const answer = await this.#call(`${keyPath(key)}?prevIndex=${revision}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ value: text }).toString(),
    });
    if (answer.node !== undefined) return String(answer.node.modifiedIndex);
    if (answer.errorCode !== compareFailed) return null;
    // Sent twice because an answer was lost: then it is our own write that is in the way.
    const now = await this.#call(`${keyPath(key)}?quorum=true`, {});
    return now.node?.value === text ? String(now.node.modifiedIndex) : null;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #call(path: string, init: RequestInit): Promise<Answer> {
    const faults: string[] = [];
    for (const endpoint of this.#settings.endpoints) {
      const url = `${endpoint.replace(/\/+$/, '')}/v2/keys${path}`;
      try {
        const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
        const answer = (await response.json()) as Answer;
        if (answer.node !== undefined) return answer;
        if (answer.errorCode === keyNotFound || answer.errorCode === compareFailed) return answer;
        faults.push(`${endpoint}: ${answer.message ?? `it answered ${response.status}`}`);
      } catch (error) {
        const { cause } = error as Error;
        faults.push(`${endpoint}: ${cause instanceof Error ? cause.message : (error as Error).message}`);
      }
    }
    throw new RotaError('POOLS_UNAVAILABLE', `etcd of the pools (v2): ${faults.join('; ')}`);
  }
}

function keyPath(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

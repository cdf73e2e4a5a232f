import type { PoolAccess, PoolName } from '../../../config/environment-pools-config.ts';
import { type EtcdLogin, etcdLogin } from '../../../config/etcd-login.ts';
import { type Method, methods } from '../../../control/store/etcd/client/methods.ts';
import { Transport } from '../../../control/store/etcd/client/transport.ts';
import { endOfPrefix } from '../../../control/store/etcd/client/wire.ts';
import type { Clock } from '../../../core/clock.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { type PoolEntry, type PoolStore, parsePoolValue, serviceKey } from './pool-store.ts';

const patienceMs = 5_000;

/** Pools in etcd's third interface. */
export class EtcdV3Pools implements PoolStore {
  readonly #transport: Transport;
  readonly #prefix: string;

  constructor(settings: PoolAccess, clock: Clock) {
    const { endpoints } = settings;
    this.#transport = new Transport({ endpoints, clock, patienceMs, ...loginOf(settings) });
    this.#prefix = settings.prefix;
  }

  async list(service: PoolName): Promise<ReadonlyMap<string, PoolEntry>> {
    const from = `${serviceKey(this.#prefix, service)}/`;
    const { kvs } = await this.#call(methods.range, { key: from, range_end: endOfPrefix(from) });
    const entries = new Map<string, PoolEntry>();
    for (const { key, value: text, mod_revision: revision } of kvs) {
      const value = parsePoolValue(text);
      if (value !== null) entries.set(key.slice(from.length), { key, text, value, revision });
    }
    return entries;
  }

  async swap({ key, revision }: Pick<PoolEntry, 'key' | 'revision'>, text: string): Promise<string | null> {
    const answer = await this.#call(methods.txn, {
      compare: [{ key, target: 'MOD', result: 'EQUAL', mod_revision: revision }],
      success: [{ request_put: { key, value: text } }],
      failure: [{ request_range: { key } }],
    });
    if (answer.succeeded) return answer.header.revision;
    // The call is sent again when its answer is lost: then it is our own write that is in the way.
    const [now] = answer.responses[0]?.response_range?.kvs ?? [];
    return now !== undefined && now.value === text ? now.mod_revision : null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport[Symbol.asyncDispose]();
  }

  async #call<Question, Answer>(method: Method<Question, Answer>, question: Question): Promise<Answer> {
    try {
      return await this.#transport.call(method, question);
    } catch (error) {
      // What it says of the run store is not meant here.
      const why = (error as Error).message
        .replace(/: check store\.etcd.*$/s, '')
        .replaceAll(/\bstore\.(ca|cert|key|user)\b/g, 'pools.$1');
      throw new RotaError('POOLS_UNAVAILABLE', `The pools in etcd: ${why}`, { cause: error });
    }
  }
}

/** @throws RotaError POOLS_UNAVAILABLE */
function loginOf(settings: PoolAccess): EtcdLogin {
  try {
    return etcdLogin(settings);
  } catch (error) {
    const { path } = error as NodeJS.ErrnoException;
    throw new RotaError('POOLS_UNAVAILABLE', `The pools in etcd: ${path} cannot be read`, { cause: error });
  }
}

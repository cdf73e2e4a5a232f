/** So many are remembered; of older ones the token alone is compared. */
const most = 1_000;

/**
 * The etcd lease behind each token that this process was given or took over. After a restore from a snapshot counters begin where
 * they were then, so without a new generation a token may be given twice; an etcd lease is a random number and never is.
 */
export class HeldLeases {
  readonly #byKey = new Map<string, { readonly token: string; readonly lease: string }>();

  /** `token` as it is written in the key. */
  set(key: string, token: string, lease: string): void {
    this.#byKey.delete(key);
    this.#byKey.set(key, { token, lease });
    const [oldest] = this.#byKey.keys();
    if (this.#byKey.size > most && oldest !== undefined) this.#byKey.delete(oldest);
  }

  get(key: string, token: string): string | undefined {
    const held = this.#byKey.get(key);
    return held?.token === token ? held.lease : undefined;
  }

  delete(key: string): void {
    this.#byKey.delete(key);
  }
}

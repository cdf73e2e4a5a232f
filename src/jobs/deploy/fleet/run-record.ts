/** What every host keeps of the deployment that last made a version ready on it, so that nothing of it is on one machine only. */
export interface RunRecord {
  readonly run: string;
  readonly kind: string;
  readonly version: string;
  readonly commit: string;
  /** The version that was live when it began. */
  readonly live: { readonly version: string; readonly commit: string } | null;
  /** The kept plan that it carries out. */
  readonly plan: string | null;
  /** Groups that it goes to; null: to all. */
  readonly groups: readonly string[] | null;
  readonly message: string | null;
}

/** One line, which a host keeps as it is. */
export function recordText(record: RunRecord): Uint8Array {
  return Buffer.from(`${JSON.stringify(record)}\n`);
}

/** Null for what is none. */
export function parseRecord(text: string): RunRecord | null {
  try {
    const value = JSON.parse(text) as RunRecord | null;
    const isOne = typeof value?.run === 'string' && typeof value.commit === 'string';
    return isOne ? value : null;
  } catch {
    return null;
  }
}

import type { DeployParameters } from '../parameters.ts';
import type { HeldEntry, PoolJournal } from '../pools/pool-journal.ts';

/**
 * What every host keeps of the deployment that last made a version ready on it, written before any host leaves a pool or is
 * switched: with it another deploy host goes on or takes it back, when this one is lost (ADR 67, 88).
 */
export interface RunRecord {
  readonly run: string;
  /** When the deployment wrote it; a deploy host that took over counts its runs from one again. */
  readonly at: string;
  readonly version: string;
  readonly commit: string;
  /** What the run was to do. */
  readonly parameters: DeployParameters;
  /** The version that was live when it began. */
  readonly live: { readonly version: string; readonly commit: string } | null;
  /** How entries of pools were before it, and what it writes into them: of this host, and of those that take no part. */
  readonly pools: PoolJournal;
}

/** One line, which a host keeps as it is. */
export function recordText(record: RunRecord): Uint8Array {
  return Buffer.from(`${JSON.stringify(record)}\n`);
}

/** Null for what is none. */
export function parseRecord(text: string): RunRecord | null {
  try {
    const value = JSON.parse(text) as RunRecord | null;
    const isOne =
      typeof value?.run === 'string' &&
      typeof value.at === 'string' &&
      typeof value.commit === 'string' &&
      typeof value.parameters?.kind === 'string';
    return isOne ? value : null;
  } catch {
    return null;
  }
}

/** The part of all claims that a host keeps: its own, and those of hosts that cannot keep theirs. */
export function poolsFor(
  host: string,
  absent: ReadonlySet<string>,
  claims: ReadonlyMap<string, readonly HeldEntry[]>,
): PoolJournal {
  return Object.fromEntries([...claims].filter(([name]) => name === host || absent.has(name)));
}

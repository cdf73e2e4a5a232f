import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';

/** What a deployment knows of one host; the truth is on the host. */
export interface HostRecord {
  /** How far it is. `failed`: it takes no further part; `restored`: taken back to what it served before. */
  readonly state: 'seen' | 'prepared' | 'promoting' | 'promoted' | 'restored' | 'failed';
  /** The slot that it served before this deployment; null: none of ours. */
  readonly before: string | null;
  readonly previous: string | null;
  /** The slot that it is to serve; null until that is known. */
  readonly slot: string | null;
  /** It is another machine than the one of that name before, or has lost what it held. */
  readonly isNew?: true;
  /** Why it failed. */
  readonly code?: string;
  readonly message?: string;
  /** The check that failed, if one did. */
  readonly check?: string;
  /** The step at which it failed. */
  readonly step?: string;
}

const fileName = 'hosts.json';
/** Stages before whose end a host has not proven its slot. */
const beforeSlots: readonly string[] = ['preflight', 'transfer', 'prepare'];

/**
 * The hosts of one deployment, kept in its workspace: written before anything is switched, so that whoever resumes or
 * takes back knows what each host served before.
 */
export class HostBoard {
  readonly #file: string;
  readonly #hosts: Map<string, HostRecord>;
  /** What the file says. */
  #saved: string;

  private constructor(file: string, text: string) {
    this.#file = file;
    this.#saved = text;
    this.#hosts = new Map(Object.entries(JSON.parse(text) as Record<string, HostRecord>));
  }

  static async open(workspace: string): Promise<HostBoard> {
    const file = join(workspace, fileName);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    });
    try {
      return new HostBoard(file, text);
    } catch (error) {
      throw new RotaError('FILE_UNREADABLE', `${file} is damaged: deploy anew with rota push`, {
        cause: error,
      });
    }
  }

  get all(): ReadonlyMap<string, HostRecord> {
    return this.#hosts;
  }

  get(host: string): HostRecord | undefined {
    return this.#hosts.get(host);
  }

  /** What a host is found to serve when the deployment first sees it; later looks change nothing of that. */
  see(host: string, before: string | null, previous: string | null, isNew = false): void {
    const known = this.#hosts.get(host);
    if (known !== undefined && known.state !== 'failed') return;
    const first = known?.before === undefined || known.before === null;
    this.#hosts.set(host, {
      state: 'seen',
      before: first ? before : known.before,
      previous: first ? previous : known.previous,
      slot: known?.slot ?? null,
      ...(isNew || known?.isNew === true ? { isNew: true } : {}),
    });
  }

  set(host: string, state: HostRecord['state'], slot?: string): void {
    const known = this.#known(host);
    this.#hosts.set(host, { ...known, state, slot: slot ?? known.slot });
  }

  fail(host: string, step: string, error: RotaError): void {
    this.#hosts.set(host, {
      ...this.#known(host),
      state: 'failed',
      step,
      code: error.code,
      message: error.message,
      ...(typeof error.facts.check === 'string' ? { check: error.facts.check } : {}),
    });
  }

  /** Hosts that failed in an earlier try of a stage take part in this one. */
  revive(stage: string): void {
    const isRollout = stage.startsWith('rollout');
    // What it had done by then: from `promoting` on it may serve the version.
    const state = isRollout ? 'promoting' : beforeSlots.includes(stage) ? 'seen' : 'prepared';
    for (const [host, { state: was, step }] of this.#hosts) {
      if (was === 'failed' && (step === stage || (isRollout && step === 'take-back'))) this.set(host, state);
    }
  }

  #known(host: string): Pick<HostRecord, 'before' | 'previous' | 'slot' | 'isNew'> {
    const { before = null, previous = null, slot = null, isNew } = this.#hosts.get(host) ?? {};
    return { before, previous, slot, ...(isNew === true ? { isNew } : {}) };
  }

  inState(...states: readonly HostRecord['state'][]): readonly string[] {
    return [...this.#hosts].filter(([, record]) => states.includes(record.state)).map(([host]) => host);
  }

  /** Where nothing has changed since, no disk is waited for. */
  async save(): Promise<void> {
    const text = `${JSON.stringify(Object.fromEntries(this.#hosts), null, 1)}\n`;
    if (text === this.#saved) return;
    await writeFileAtomic(this.#file, text, { mode: 0o600 });
    this.#saved = text;
  }
}

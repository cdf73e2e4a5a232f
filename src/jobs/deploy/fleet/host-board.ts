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
  /** Why it failed. */
  readonly code?: string;
  readonly message?: string;
  /** The step at which it failed. */
  readonly step?: string;
}

const fileName = 'hosts.json';

/**
 * The hosts of one deployment, kept in its workspace: written before anything is switched, so that whoever resumes or
 * takes back knows what each host served before.
 */
export class HostBoard {
  readonly #file: string;
  readonly #hosts: Map<string, HostRecord>;

  private constructor(file: string, hosts: Map<string, HostRecord>) {
    this.#file = file;
    this.#hosts = hosts;
  }

  static async open(workspace: string): Promise<HostBoard> {
    const file = join(workspace, fileName);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    });
    try {
      return new HostBoard(file, new Map(Object.entries(JSON.parse(text) as Record<string, HostRecord>)));
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

  /** What a host is found to serve when the deployment first sees it; later looks change nothing. */
  see(host: string, before: string | null, previous: string | null): void {
    if (!this.#hosts.has(host) || this.#hosts.get(host)?.state === 'failed') {
      const known = this.#hosts.get(host);
      this.#hosts.set(host, {
        state: 'seen',
        before: known?.before ?? before,
        previous: known?.previous ?? previous,
      });
    }
  }

  set(host: string, state: HostRecord['state']): void {
    const { before = null, previous = null } = this.#hosts.get(host) ?? {};
    this.#hosts.set(host, { state, before, previous });
  }

  fail(host: string, step: string, error: RotaError): void {
    const { before = null, previous = null } = this.#hosts.get(host) ?? {};
    this.#hosts.set(host, {
      state: 'failed',
      before,
      previous,
      step,
      code: error.code,
      message: error.message,
    });
  }

  inState(...states: readonly HostRecord['state'][]): readonly string[] {
    return [...this.#hosts].filter(([, record]) => states.includes(record.state)).map(([host]) => host);
  }

  async save(): Promise<void> {
    await writeFileAtomic(this.#file, `${JSON.stringify(Object.fromEntries(this.#hosts), null, 1)}\n`, {
      mode: 0o600,
    });
  }
}

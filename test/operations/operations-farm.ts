import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { type RotaResult, runRota, signalTree, startRota } from '../support/rota.ts';

export interface OperationsFarm {
  readonly folder: string;
  readonly wikis: readonly string[];
  /** Of all commands. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command under which all others run, as on another host. */
  readonly within?: readonly string[];
}

export interface OperationsFarmSettings {
  readonly fullDump?: Readonly<Record<string, unknown>>;
  /** Other jobs. */
  readonly jobs?: Readonly<Record<string, unknown>>;
  readonly wiki?: Readonly<Record<string, unknown>>;
  /** Where each wiki's siteinfo comes from; by default a file of its own. */
  readonly siteinfo?: (wiki: string) => string;
  readonly farm?: Readonly<Record<string, unknown>>;
  readonly revisions?: number;
}

/** A farm of small generated wikis in SQLite, without any server. Its leases are longer than a busy machine keeps one from renewing. */
export async function makeOperationsFarm(
  folder: string,
  wikis: readonly string[],
  settings: OperationsFarmSettings = {},
): Promise<OperationsFarm> {
  for (const [seed, wiki] of wikis.entries()) {
    const size = ['--pages', '40', '--revisions', String(settings.revisions ?? 150), '--mean-bytes', '600'];
    const made = await runRota(
      [
        'demo',
        'wiki',
        `${wiki}.sqlite`,
        '--name',
        wiki,
        '--siteinfo',
        `${wiki}.json`,
        '--seed',
        `${seed + 1}`,
        ...size,
      ],
      { cwd: folder },
    );
    assert.equal(made.status, 0, made.stderr);
  }
  await writeConfig({ folder, wikis }, settings);
  return { folder, wikis };
}

/** Writes rota.yaml anew, as an operator does between two runs. */
export async function writeConfig(farm: OperationsFarm, settings: OperationsFarmSettings): Promise<void> {
  const wiki = (name: string) => ({
    database: `sqlite:./${name}.sqlite`,
    siteinfo: settings.siteinfo?.(name) ?? `./${name}.json`,
    ...settings.wiki,
  });
  const config = {
    output: { public: './public', private: './private' },
    store: 'sqlite:./rota.db',
    lease: { duration: '60s', renewEvery: '1s' },
    log: { level: 'warn' },
    ...settings.farm,
    wikis: Object.fromEntries(farm.wikis.map((name) => [name, wiki(name)])),
    jobs: {
      'full-dump': {
        schedule: 'continuous',
        outputs: ['stubs', 'articles', 'history', 'titles'],
        compression: { articles: 'zst', current: 'zst', history: 'zst' },
        ...settings.fullDump,
      },
      ...settings.jobs,
    },
  };
  await writeFile(join(farm.folder, 'rota.yaml'), stringify(config));
}

export async function rota(farm: OperationsFarm, ...args: readonly string[]): Promise<RotaResult> {
  return await runRota(args, { cwd: farm.folder, ...(farm.env === undefined ? {} : { env: farm.env }) });
}

/** Runs a command that prints lines of JSON, and wants it to end well. */
export async function rotaJson<T>(farm: OperationsFarm, ...args: readonly string[]): Promise<readonly T[]> {
  const { status, stdout, stderr } = await rota(farm, '--json', ...args);
  assert.equal(status, 0, stderr);
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

export interface RunState {
  readonly id: string;
  readonly state: string;
  readonly lease?: { readonly alive: boolean };
  readonly stages: readonly { readonly name: string; readonly state: string }[];
}

export async function showRun(farm: OperationsFarm, run: string): Promise<RunState> {
  const [found] = await rotaJson<RunState>(farm, 'run', 'show', run);
  assert.ok(found, run);
  return found;
}

/** A command that goes on, with the lines that it has printed. */
export class Running implements AsyncDisposable {
  readonly child: ReturnType<typeof startRota>;
  readonly lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;

  constructor(farm: OperationsFarm, ...args: readonly string[]) {
    const { env, within } = farm;
    this.child = startRota(args, {
      cwd: farm.folder,
      timeoutMs: 300_000,
      ...(env === undefined ? {} : { env }),
      ...(within === undefined ? {} : { within }),
    });
    createInterface({ input: this.child.stdout })
      .on('line', (line) => {
        this.lines.push(line);
        for (const look of this.#waiting) look();
      })
      .on('close', () => {
        this.#ended = true;
        for (const look of this.#waiting) look();
      });
  }

  /** Resolves when a line like this has been printed; fails when the command ends without it. */
  async said(pattern: RegExp): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (this.lines.some((line) => pattern.test(line))) resolve();
        else if (this.#ended) reject(new Error(`never said ${pattern}:\n${this.lines.join('\n')}`));
        else return;
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Its exit status. */
  async ended(): Promise<number | undefined> {
    return (await this.child).exitCode;
  }

  /** What a failed test left behind goes, with all that it started. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) signalTree(this.child, 'SIGKILL');
    await this.child;
  }
}

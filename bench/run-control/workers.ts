import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { jobName, runId, subjectName } from '../../src/core/ids.ts';
import { type BenchPlace, openBenchStore } from './bench-store.ts';

const entry = join(import.meta.dirname, '..', '..', 'bin', 'rota.mjs');

/** What one large wiki's content takes when so many workers, of one rendering thread each, share its pieces. */
export interface SharedContent {
  readonly seconds: number;
  /** How many of the workers committed a piece. */
  readonly workers: number;
  readonly pieces: number;
}

/** A farm of one generated wiki, dumped once for each number of workers. */
export class SharedWiki implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rota-workers-'));
  #day = 0;
  /** The last that the commands have said, for when one fails. */
  #said = '';

  constructor(revisions: number) {
    const size = ['--revisions', String(revisions), '--pages', String(Math.ceil(revisions * 0.08))];
    this.#rota('demo', 'wiki', 'wiki.sqlite', ...size, '--name', 'wiki', '--siteinfo', 'siteinfo.json');
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async contentWith(place: BenchPlace, workers: number): Promise<SharedContent> {
    this.#configure(place);
    await using store = await openBenchStore(place);
    const date = `202601${String(++this.#day).padStart(2, '0')}`;
    const run = runId(jobName('full-dump'), subjectName('wiki'), date);
    const dump = this.#start('dump', 'wiki', '--date', date, '--no-carry-over');
    let content: { readonly startedAt?: Date; readonly endedAt?: Date } | undefined;
    const helpers: ChildProcess[] = [];
    const makers = new Set<string>();
    for (;;) {
      const found = await store.readRun({ id: run });
      content = found?.stages.find((stage) => stage.name === 'content');
      if (dump.exitCode !== null || content?.endedAt !== undefined) break;
      if (content?.startedAt !== undefined && helpers.length === 0) {
        for (let n = 1; n < workers; n++) helpers.push(this.#start('work-on', run, '--assist'));
      }
      for (const piece of await store.listPieces({ run, epoch: 1, stage: 'content' })) {
        if (piece.holder !== undefined) makers.add(String(piece.holder.pid));
      }
      await pause(50);
    }
    const pieces = (await store.listPieces({ run, epoch: 1, stage: 'content' })).length;
    if (dump.exitCode === null) await once(dump, 'exit');
    await Promise.all(helpers.map((child) => child.exitCode ?? once(child, 'exit')));
    const { startedAt, endedAt } = content ?? {};
    if (dump.exitCode !== 0 || startedAt === undefined || endedAt === undefined)
      throw new Error(`${run} failed:\n${this.#said}`);
    return { seconds: (endedAt.getTime() - startedAt.getTime()) / 1000, workers: makers.size, pieces };
  }

  #configure(place: BenchPlace): void {
    const store =
      place.kind === 'sqlite' ? `sqlite:${place.file}` : { etcd: place.endpoints, prefix: place.prefix };
    writeFileSync(
      join(this.#folder, 'rota.yaml'),
      stringify({
        output: { public: 'public', private: 'private' },
        store,
        wikis: { wiki: { database: 'sqlite:wiki.sqlite', siteinfo: 'siteinfo.json' } },
        jobs: { 'full-dump': { threads: 1, piece: { size: '2MiB' } } },
      }),
    );
  }

  #rota(...args: readonly string[]): void {
    execFileSync(process.execPath, [entry, ...args], { cwd: this.#folder, stdio: 'ignore' });
  }

  #start(...args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: this.#folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-2_000);
    });
    return child;
  }
}

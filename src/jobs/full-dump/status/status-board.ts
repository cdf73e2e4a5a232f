import type { RunView } from '../../../control/store/run-view.ts';
import type { DumpSet, FilePart } from '../../../publish/dump-catalogue/dump-output.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { publishedDateNames } from '../../../publish/listing/published-dates.ts';
import type { PublishedSet } from '../../../publish/publication/pointers.ts';
import { decodePublishedSet, publicationKey } from '../../../publish/publication/pointers.ts';
import type { DumpState, JobStatus } from '../../../publish/status/dump-view.ts';
import { manifestJson } from '../../../publish/status/manifest.ts';
import { signFile } from '../../../publish/status/sign-manifest.ts';
import { writeStatusFiles } from '../../../publish/status/write-status-files.ts';
import { readFileList } from '../content/file-list.ts';
import type { MadeFile } from '../made-file.ts';
import { readManifest } from '../publication/read-manifest.ts';
import { audienceOf, type StatusContext } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import { splitGroupsOf } from '../split/split-groups.ts';
import { dumpView } from './dump-view-of.ts';
import { manifestOf } from './manifest-of.ts';
import { plannedOutputs } from './planned-outputs.ts';
import type { RunStatus } from './run-status.ts';
import type { SetStatus } from './set-status.ts';

interface RunBoard {
  readonly sets: Map<DumpSet, SetStatus>;
  refresh(state: DumpState): Promise<void>;
}

/**
 * Keeps the status files of the runs that this process works on: public from the start, written anew whenever a set
 * changes. What is published is read from the pointers, so a resumed run goes on with the truth.
 */
export class StatusBoard implements RunStatus<StatusContext> {
  readonly #runs = new Map<string, RunBoard>();
  #writing: Promise<unknown> = Promise.resolve();

  /** Writes the status files for the first time (or again, when the run is resumed). */
  async begin(context: StatusContext): Promise<void> {
    await (await this.#board(context)).refresh('in-progress');
  }

  /** Work on these sets begins; what an earlier attempt published stays done. */
  async start(context: StatusContext, sets: readonly DumpSet[]): Promise<void> {
    const board = await this.#board(context);
    for (const set of sets) {
      const before = board.sets.get(set);
      if (before === undefined || before.published !== null) continue;
      board.sets.set(set, { ...before, status: 'in-progress', updatedAt: context.clock.now() });
    }
    await board.refresh('in-progress');
  }

  async setState(
    context: StatusContext,
    set: DumpSet,
    status: JobStatus,
    files?: readonly MadeFile[],
  ): Promise<void> {
    const board = await this.#board(context);
    const before = board.sets.get(set);
    board.sets.set(set, {
      status,
      updatedAt: context.clock.now(),
      published: await readPublished(context, set),
      files: files ?? before?.files ?? [],
    });
    await board.refresh('in-progress');
  }

  /** The run came to its end. */
  async finish(context: StatusContext, state: DumpState): Promise<void> {
    await (await this.#board(context)).refresh(state);
  }

  /** The run failed, was cancelled or lost: whoever notices it says so; sets that were under way have failed. */
  async abort(run: RunView['id'], at: Date): Promise<void> {
    const board = this.#runs.get(run);
    if (!board) return;
    for (const [set, status] of board.sets) {
      if (status.status === 'in-progress')
        board.sets.set(set, { ...status, status: 'failed', updatedAt: at });
    }
    await board.refresh('aborted');
  }

  /** As `abort`, from a process that did not work on the run: what is known of it is in the store. */
  async bury(context: StatusContext, underWay: ReadonlySet<DumpSet>): Promise<void> {
    const board = await this.#board(context);
    for (const [set, status] of board.sets) {
      if (status.status !== 'done' && underWay.has(set))
        board.sets.set(set, { ...status, status: 'failed', updatedAt: context.clock.now() });
    }
    await board.refresh('aborted');
    this.#runs.delete(context.run.id);
  }

  async #board(context: StatusContext): Promise<RunBoard> {
    const known = this.#runs.get(context.run.id);
    if (known) return known;
    const sets = new Map<DumpSet, SetStatus>();
    const earlier = await readManifest(context, 'own');
    for (const { set } of await plannedOutputs(context)) {
      if (sets.has(set)) continue;
      const published = await readPublished(context, set);
      const updatedAt = published === null ? null : new Date(published.publishedAt);
      const files = published === null ? [] : madeFiles(set, published, earlier?.sets[set]?.files ?? []);
      sets.set(set, { status: published === null ? 'waiting' : 'done', updatedAt, published, files });
    }
    const board: RunBoard = {
      sets,
      // One after the other: two stages may finish a set at the same time.
      refresh: (state) => {
        const written = this.#writing.then(async () => {
          // A worker that lost its run must not tell stale news; who gives a run up no longer holds it.
          if (state !== 'aborted') await context.assertCurrent();
          await write(context, sets, state);
        });
        this.#writing = written.catch(() => undefined);
        return written;
      },
    };
    this.#runs.set(context.run.id, board);
    return board;
  }
}

async function write(
  context: StatusContext,
  sets: ReadonlyMap<DumpSet, SetStatus>,
  state: DumpState,
): Promise<void> {
  const { services, run, clock } = context;
  const { farm, trees } = services;
  // Asked before each file: a process that slept in the middle must not go on when it wakes up.
  const guard = state === 'aborted' ? undefined : () => context.assertTrusted();
  const tree = trees[audienceOf(context)];
  const planned = await plannedOutputs(context);
  const dates = await publishedDateNames(tree, run.subject);
  const view = dumpView({
    wiki: wikiOf(services, run.subject).name,
    date: run.date,
    state,
    planned,
    made: await assembledFiles(context),
    splitSets: new Set(splitGroupsOf(wikiOf(services, run.subject).fullDump)),
    sets,
    audience: audienceOf(context),
    previousDate: dates.filter((date) => date < run.date).at(-1) ?? null,
    now: clock.now(),
  });
  const tables = planned.flatMap(({ output }) => (output.startsWith('table:') ? [output.slice(6)] : []));
  const web = farm.web.rootUrl === null ? {} : { webRoot: farm.web.rootUrl };
  await writeStatusFiles(tree, view, { ...web, tables, guard });
  const manifest = tree.file(run.subject, run.date, 'manifest.json');
  await writeFileAtomic(manifest, manifestJson(await manifestOf(context, sets, view.previousDate)), {
    mode: tree.fileMode,
    guard,
  });
  if (farm.signingKey !== null) await signFile(manifest, farm.signingKey);
  // Once more: the list of special files names the manifest, with its size.
  await writeStatusFiles(tree, view, { ...web, tables, guard });
}

/** The content files, once it is decided how they are cut; null before. */
async function assembledFiles(context: StatusContext): Promise<readonly MadeFile[] | null> {
  if ((await context.summaryOf('assemble')) === undefined) return null;
  // When the workspace is gone, what was published says more anyway.
  return await readFileList(context, 'assemble').catch(() => null);
}

async function readPublished(context: StatusContext, set: DumpSet): Promise<PublishedSet | null> {
  const { job, subject, date } = context.run;
  const key = publicationKey({ job, wiki: subject, date, set });
  const value = await context.readPointer(key);
  return typeof value === 'string' ? decodePublishedSet(key, value) : null;
}

/** A set that an earlier process published: its counts are in the manifest. */
function madeFiles(
  set: DumpSet,
  published: PublishedSet,
  manifest: readonly {
    readonly name: string;
    readonly output: string;
    readonly rawBytes?: number;
    readonly counts?: MadeFile['counts'];
    readonly split?: FilePart;
  }[],
): readonly MadeFile[] {
  const known = new Map(manifest.map((file) => [file.name, file]));
  return published.files.map((file) => {
    const { output = '', rawBytes = 0, counts = {}, split } = known.get(file.name) ?? {};
    return { ...file, set, output, rawBytes, counts, ...(split === undefined ? {} : { split }) };
  });
}

import { open, stat } from 'node:fs/promises';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import { digestOf } from '../form/digest.ts';
import { TaskDamage } from '../form/task-damage.ts';
import type { ReadOptions, SourceFacts, TrackerSink, TrackerSource } from '../source/tracker-source.ts';
import { CutFailure, type Member, MemberCutter } from './member-cutter.ts';
import { parseColumns, parseProjects } from './parse-projects.ts';
import { parseTask } from './parse-task.ts';

const readBytes = 1024 * 1024;

/**
 * The public dump of a tracker: one line of JSON, read in portions. Held at once: a portion, and the task in hand (or the
 * list of projects or of columns).
 */
export class DumpSource implements TrackerSource {
  readonly name: string;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    this.name = file;
  }

  /** @throws RotaError FILE_UNREADABLE, DUMP_TRUNCATED, DUMP_DAMAGED, TASKS_SET_ASIDE */
  async read(sink: TrackerSink, { signal, progress }: ReadOptions): Promise<SourceFacts> {
    const { size, mtime } = await fileFacts(this.#file);
    const seen = new Set<string>();
    const cutter: MemberCutter = new MemberCutter({
      onMember: (member) => {
        if (member.section === 'task') {
          const damage = takeTask(sink, member);
          if (damage === null || cutter.cutAgain(member)) return;
          sink.setAside(member.key, damage.message);
          cutter.lookAgainIn(member);
        } else if (member.section === 'project') {
          seen.add(member.key);
          this.#takeProjects(sink, member);
        }
      },
      onDamage: ({ key }, reason) => sink.setAside(key, reason),
    });
    let done = 0;
    try {
      await using handle = await open(this.#file);
      // One buffer for all portions: a gigabyte of new ones would wait for the collector.
      const portion = Buffer.alloc(readBytes);
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await handle.read(portion, 0, readBytes);
        if (bytesRead === 0) break;
        cutter.feed(portion.subarray(0, bytesRead));
        done += bytesRead;
        progress(done, size, 'bytes');
      }
      cutter.end();
    } catch (error) {
      if (!(error instanceof CutFailure)) throw error;
      const code = error.truncated ? 'DUMP_TRUNCATED' : 'DUMP_DAMAGED';
      throw new RotaError(
        code,
        `${this.#file} is ${error.truncated ? 'truncated' : 'damaged'}: ${error.message}; nothing of it was taken over`,
        {
          cause: error,
          facts: { file: this.#file, offset: error.offset },
        },
      );
    }
    for (const part of ['projects', 'columns']) {
      if (!seen.has(part)) throw this.#damaged(`it holds no project.${part}`);
    }
    return { sourceAt: mtime, bytes: size };
  }

  #takeProjects(sink: TrackerSink, member: Member): void {
    try {
      if (member.key === 'projects') sink.projects(parseProjects(member.value));
      else if (member.key === 'columns') sink.columns(parseColumns(member.value));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw this.#damaged(`project.${member.key} is no JSON: ${error.message}`);
    }
  }

  #damaged(what: string): RotaError {
    return new RotaError('DUMP_DAMAGED', `${this.#file} is damaged: ${what}; nothing of it was taken over`);
  }
}

/** @returns what is wrong with it, if anything */
function takeTask(sink: TrackerSink, { key, value }: Member): TaskDamage | null {
  const digest = digestOf(value);
  const id = Number(key);
  if (sink.isUnchanged(id, digest)) {
    sink.keep(id, digest);
    return null;
  }
  try {
    sink.task(parseTask(key, value), digest);
    return null;
  } catch (error) {
    if (!(error instanceof TaskDamage)) throw error;
    return error;
  }
}

async function fileFacts(file: string) {
  try {
    const facts = await stat(file);
    if (facts.isDirectory()) throw new Error('it is a folder');
    return facts;
  } catch (error) {
    throw new RotaError('FILE_UNREADABLE', `The dump ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

import type { RunStore } from '../../control/store/run-store.ts';
import type { RunDetails } from '../../control/store/run-view.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { isName, parseRunId } from '../../core/ids.ts';
import { nearest } from '../../core/nearest.ts';
import type { KnownNames } from './known-names.ts';

/** Among so many of the newest runs one of a similar name is looked for. */
const hintAmong = 2_000;

/**
 * The run that somebody means: `full-dump/frwiki/20261122`, the same without the job (`frwiki/20261122`), or a
 * subject such as a wiki, which means its newest run.
 * @throws RotaError RUN_UNKNOWN with the name that was probably meant
 */
export async function findRun(store: RunStore, text: string, known: KnownNames): Promise<RunDetails> {
  const parts = text.split('/');
  if (!parts.every(isName) || parts.length > 3) parseRunId(text);
  const candidates: RunDetails[] = [];
  if (parts.length === 3) await add(candidates, store, text);
  else {
    const [subject = '', date] = parts;
    for (const job of known.jobs) {
      if (date !== undefined) await add(candidates, store, `${job}/${subject}/${date}`);
      else {
        const [newest] = await store.listRuns({ job, subject, limit: 1 });
        if (newest !== undefined) await add(candidates, store, newest.id);
      }
    }
  }
  const found = candidates.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
  if (found !== undefined) return found;
  throw await unknownRun(store, text, known);
}

async function add(found: RunDetails[], store: RunStore, text: string): Promise<void> {
  const run = await store.readRun({ id: parseRunId(text).id });
  if (run !== undefined) found.push(run);
}

async function unknownRun(store: RunStore, text: string, known: KnownNames): Promise<RotaError> {
  const start = known.subjects.get(text);
  if (start !== undefined) {
    return new RotaError('RUN_UNKNOWN', `there is no run of ${text} yet; ${start} makes one`);
  }
  const runs = await store.listRuns({ limit: hintAmong });
  const names = text.includes('/')
    ? runs.flatMap((run) => (text.split('/').length === 3 ? [run.id] : [`${run.subject}/${run.date}`]))
    : [...known.subjects.keys(), ...runs.map((run) => run.subject)];
  const near = nearest(text, names);
  const hint = near === null ? 'see rota run list' : `did you mean ${near}?`;
  return new RotaError('RUN_UNKNOWN', `there is no run ${text}; ${hint}`, { facts: { run: text } });
}

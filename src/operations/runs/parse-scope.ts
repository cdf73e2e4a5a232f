import type { PauseScope } from '../../control/store/run-view.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { parseRunId } from '../../core/ids.ts';
import { nearest } from '../../core/nearest.ts';
import type { KnownNames } from './known-names.ts';

/**
 * What `rota pause` and `rota resume` are asked for: `all`, `maintenance`, a run, a job or a subject (a wiki), with or without
 * `run/`, `job/`, `subject/` before it.
 */
export function parseScope(text: string, known: KnownNames): PauseScope {
  if (text === 'all' || text === 'maintenance') return text;
  const [kind = '', ...rest] = text.split('/');
  const name = rest.join('/');
  if (kind === 'run' && rest.length === 3) return `run/${parseRunId(name).id}`;
  if (kind === 'job' && rest.length === 1) return `job/${one(name, known.jobs, 'job')}`;
  if (kind === 'subject' && rest.length === 1)
    return `subject/${one(name, [...known.subjects.keys()], 'subject')}`;
  if (rest.length === 2) return `run/${parseRunId(text).id}`;
  if (known.jobs.includes(text)) return `job/${text}`;
  if (known.subjects.has(text)) return `subject/${text}`;
  const near = nearest(text, ['all', 'maintenance', ...known.jobs, ...known.subjects.keys()]);
  const hint =
    near === null
      ? 'give all, maintenance, a job, a subject such as a wiki, or a run'
      : `did you mean ${near}?`;
  throw new RotaError('USAGE', `${JSON.stringify(text)} cannot be paused; ${hint}`);
}

function one(name: string, known: readonly string[], what: string): string {
  if (known.includes(name)) return name;
  const near = nearest(name, known);
  const hint = near === null ? 'see rota status' : `did you mean ${near}?`;
  throw new RotaError('USAGE', `there is no ${what} ${JSON.stringify(name)}; ${hint}`);
}

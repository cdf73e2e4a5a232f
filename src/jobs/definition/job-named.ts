import { RotaError } from '../../core/errors/rota-error.ts';
import { nearest } from '../../core/nearest.ts';
import type { AnyJob } from './job-definition.ts';

/** @throws RotaError JOB_UNKNOWN, with the name that was probably meant */
export function jobNamed(jobs: readonly AnyJob[], name: string): AnyJob {
  const job = jobs.find((candidate) => candidate.name === name);
  if (job !== undefined) return job;
  const known = jobs.map((candidate) => candidate.name);
  const near = nearest(name, known);
  const hint = near === null ? `there is ${known.join(', ')}` : `did you mean ${near}?`;
  throw new RotaError('JOB_UNKNOWN', `there is no job ${JSON.stringify(name)}; ${hint}`);
}

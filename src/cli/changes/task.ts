import { RotaError } from '../../core/errors/rota-error.ts';
import type { RunId } from '../../core/ids.ts';
import type { AnyJob } from '../../jobs/definition/job-definition.ts';

/** One run that is to be worked on. */
export interface Task {
  readonly job: AnyJob;
  readonly id: RunId;
  readonly dueAt: Date;
}

/** When the mark of a past date should have been taken, where no schedule says so. */
export function endOfDay(date: string): Date {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  const end = new Date(`${year}-${month}-${day}T23:59:59Z`);
  if (Number.isNaN(end.getTime())) throw new RotaError('USAGE', `${date} is no date; give YYYYMMDD`);
  return end;
}

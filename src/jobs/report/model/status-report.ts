import type { IsoDay } from './days.ts';
import type { TaskRef } from './tasks.ts';

/** What became of a project in a window. Tasks that were resolved when it began are left out. */
export interface StatusReport {
  readonly project: { readonly id: number; readonly name: string };
  readonly from: IsoDay;
  readonly to: IsoDay;
  readonly tasks: readonly StatusTask[];
}

export interface StatusTask extends TaskRef {
  /** There from the start; new and a child of one that was; new without such a parent; not to be known. */
  readonly origin: 'in-scope' | 'elaborated' | 'screep' | 'unknown';
  readonly state: 'done' | 'open' | 'reopened' | 'cut';
}

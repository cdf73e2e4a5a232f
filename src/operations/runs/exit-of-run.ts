import { exitOf } from '../../control/end-of-run.ts';
import type { RunView } from '../../control/store/run-view.ts';
import { catalogue, type ErrorCode } from '../../core/errors/catalogue.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';

/** The exit status with which a process would end that had worked on the run until it came to be so. */
export function exitOfRun(run: Pick<RunView, 'state' | 'error'>): ExitStatus {
  if (run.state === 'paused') return exitStatus.interrupted;
  const { code = '', message = '' } = run.error ?? {};
  // A code of another version says no more than that the run failed.
  const isKnown = run.state === 'failed' && Object.hasOwn(catalogue, code);
  return exitOf(run.state, isKnown ? new RotaError(code as ErrorCode, message) : undefined);
}

import { RotaError } from '../core/errors/rota-error.ts';
import type { RunId } from '../core/ids.ts';
import type { RunState } from '../core/run-state.ts';
import { describeHolder, describeWait } from './describe-wait.ts';
import type { Holder } from './store/lease.ts';
import type { ClaimRules, RunStore } from './store/run-store.ts';
import type { Failure, Request, WaitReason } from './store/run-view.ts';

/** Why a run is in the state it is in, as data. */
export interface Why {
  readonly run: RunId;
  readonly state: RunState;
  /** Empty when it runs, or when nothing but its turn is waited for. */
  readonly waitsFor: readonly WaitReason[];
  /** Who works on it now. */
  readonly worksOn?: Holder;
  /** Stages that wait, run, are tried again, are held or have failed. */
  readonly stages: readonly {
    readonly name: string;
    readonly state: RunState;
    readonly reason?: string;
    readonly retryAt?: Date;
    readonly error?: Failure;
  }[];
  readonly request?: Request;
  /** The same for people, a sentence each. */
  readonly sentences: readonly string[];
}

export async function why(p: {
  readonly store: RunStore;
  readonly run: RunId;
  readonly rules: ClaimRules;
}): Promise<Why> {
  const run = await p.store.readRun({ id: p.run });
  if (run === undefined) {
    throw new RotaError('RUN_UNKNOWN', `There is no run ${p.run}: see \`rota run list\``, {
      facts: { run: p.run },
    });
  }
  const alive = run.lease?.alive === true;
  const waitsFor = alive ? [] : await p.store.waitReasons({ ...p.rules, id: run.id });
  const stages = run.stages
    .filter((stage) => !['done', 'done-with-errors', 'skipped'].includes(stage.state))
    .map(({ name, state, reason, retryAt, error }) => ({
      name,
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(retryAt === undefined ? {} : { retryAt }),
      ...(error === undefined ? {} : { error }),
    }));
  const sentences: string[] = [];
  if (alive && run.lease !== undefined) sentences.push(`${describeHolder(run.lease.holder)} works on it.`);
  sentences.push(...waitsFor.map((reason) => `${capital(describeWait(reason))}.`));
  if (!alive && waitsFor.length === 0) sentences.push('Nothing but its turn: the next free worker takes it.');
  for (const stage of stages) {
    if (stage.error !== undefined) {
      const again = stage.retryAt === undefined ? '' : ` (tried again at ${stage.retryAt.toISOString()})`;
      sentences.push(
        `Stage ${stage.name} is ${stage.state}${again}: ${stage.error.code}: ${stage.error.message}`,
      );
    } else if (stage.reason !== undefined) {
      sentences.push(`Stage ${stage.name} is ${stage.state}: ${stage.reason}.`);
    }
  }
  if (run.request !== undefined)
    sentences.push(`Its worker has been asked to ${run.request} and has not done so yet.`);
  return {
    run: run.id,
    state: run.state,
    waitsFor,
    stages,
    sentences,
    ...(alive && run.lease !== undefined ? { worksOn: run.lease.holder } : {}),
    ...(run.request === undefined ? {} : { request: run.request }),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

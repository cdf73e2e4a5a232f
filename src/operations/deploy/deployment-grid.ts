import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { RunDetails, StageView } from '../../control/store/run-view.ts';
import { HostBoard, type HostRecord } from '../../jobs/deploy/fleet/host-board.ts';
import { type JournalStep, readJournal } from '../../jobs/deploy/fleet/step-journal.ts';
import { withKnownHosts } from '../../jobs/deploy/pools/hosts-of-pool.ts';

/** How far a host is in a stage; `none`: it has no part in it. */
export interface GridCell {
  readonly state: 'done' | 'running' | 'waiting' | 'failed' | 'none';
  /** Steps that have ended there. */
  readonly steps: number;
  /** Of these steps together. */
  readonly tookMs: number;
  /** The step that failed, with its code and message; or the last one. */
  readonly step?: string;
  readonly code?: string;
  readonly message?: string;
}

export interface GridHost {
  readonly host: string;
  /** Undefined where rota.yaml has it no more. */
  readonly group?: string;
  /** `unseen`: the deployment has not come to it. */
  readonly state: HostRecord['state'] | 'unseen';
  /** One for each stage of the grid. */
  readonly cells: readonly GridCell[];
}

/** A deployment as hosts × stages. */
export interface DeploymentGrid {
  /** Those that touch hosts, of the stages that have begun. */
  readonly stages: readonly Pick<StageView, 'name' | 'state'>[];
  readonly hosts: readonly GridHost[];
}

/** The stages that touch no host. */
const here: readonly string[] = ['build'];
const rollout = 'rollout-';

/** Undefined where the run's workspace is not on this machine (any more), or nothing was done yet. */
export async function readDeploymentGrid(p: {
  readonly run: Pick<RunDetails, 'stages'>;
  readonly environment: EnvironmentConfig | undefined;
  readonly workspace: string;
}): Promise<DeploymentGrid | undefined> {
  const steps = await readJournal(p.workspace);
  if (steps === null) return undefined;
  const { all: board } = await HostBoard.open(p.workspace);
  const environment =
    p.environment === undefined ? undefined : await withKnownHosts(p.environment, p.workspace);
  return gridOf({ stages: p.run.stages, environment, steps, board });
}

export function gridOf(p: {
  readonly stages: readonly Pick<StageView, 'name' | 'state'>[];
  readonly environment: Pick<EnvironmentConfig, 'hosts' | 'groups'> | undefined;
  readonly steps: readonly JournalStep[];
  readonly board: ReadonlyMap<string, HostRecord>;
}): DeploymentGrid {
  const { board, steps, environment } = p;
  const bySpot = Map.groupBy(steps, ({ stage, host }) => `${stage}\0${host}`);
  const touching = new Set(steps.map(({ stage }) => stage));
  const stages = p.stages
    .filter(({ name, state }) => touching.has(name) || (state === 'running' && !here.includes(name)))
    .map(({ name, state }) => ({ name, state }));
  const groupOf = new Map(
    environment?.groups.flatMap((group) => group.hosts.map((host) => [host, group.name] as const)) ?? [],
  );
  // What rota.yaml says of a host may have changed since: those that took part are all shown.
  const names = [
    ...(environment?.hosts.map(({ name }) => name) ?? []),
    ...board.keys(),
    ...steps.map(({ host }) => host),
  ];
  const hosts = [...new Set(names)].map((host): GridHost => {
    const record = board.get(host);
    const group = groupOf.get(host);
    return {
      host,
      ...(group === undefined ? {} : { group }),
      state: record?.state ?? 'unseen',
      cells: stages.map((stage) =>
        cellOf(stage, bySpot.get(`${stage.name}\0${host}`) ?? [], { record, group }),
      ),
    };
  });
  return { stages, hosts };
}

function cellOf(
  stage: Pick<StageView, 'name' | 'state'>,
  steps: readonly JournalStep[],
  host: { readonly record: HostRecord | undefined; readonly group: string | undefined },
): GridCell {
  // A step that is done again in a later try counts as it ended last.
  const last = new Map(steps.map((step) => [step.step, step]));
  const failed = [...last.values()].find(({ code }) => code !== undefined);
  const told = failed ?? steps.at(-1);
  return {
    state: stateOf(stage, steps.length, failed !== undefined, host),
    steps: steps.length,
    tookMs: steps.reduce((sum, { durationMs }) => sum + durationMs, 0),
    ...(told === undefined ? {} : { step: told.step }),
    ...(failed?.code === undefined ? {} : { code: failed.code }),
    ...(failed?.message === undefined ? {} : { message: failed.message }),
  };
}

function stateOf(
  stage: Pick<StageView, 'name' | 'state'>,
  steps: number,
  isFailed: boolean,
  { record, group }: { readonly record: HostRecord | undefined; readonly group: string | undefined },
): GridCell['state'] {
  if (isFailed) return 'failed';
  if (stage.state !== 'running') return steps > 0 ? 'done' : 'none';
  if (steps > 0) return 'running';
  const isOthers =
    stage.name.startsWith(rollout) && group !== undefined && stage.name !== `${rollout}${group}`;
  return isOthers || record?.state === 'failed' ? 'none' : 'waiting';
}

import { byHand, type RunDetails, type StageView, wholeRun } from '../../control/store/run-view.ts';
import { durationText } from '../../core/duration-text.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { findRun } from '../../operations/runs/find-run.ts';
import type { Cli } from '../cli.ts';
import { progressText } from '../output/run-progress.ts';
import { formatTable } from '../output/table.ts';
import { wrapped } from '../output/wrapped.ts';
import { withStoreToRead } from '../with-store.ts';

export async function showRun(cli: Cli, text: string): Promise<ExitStatus> {
  return await withStoreToRead(cli, async ({ store, known }) => {
    const run = await findRun(store, text, known);
    if (cli.out.json) cli.out.line(run, '');
    else cli.out.text(runText(run, cli.out.widthChars).join('\n'));
    return exitStatus.done;
  });
}

function runText(run: RunDetails, widthChars: number): readonly string[] {
  const facts: (readonly [string, string | undefined])[] = [
    ['state', run.reason === undefined ? run.state : `${run.state}: ${run.reason}`],
    ['error', run.error === undefined ? undefined : `${run.error.code}: ${run.error.message}`],
    ['asked to', run.request],
    ['tried again', run.retryAt?.toISOString()],
    ['fails at', run.state === 'held' ? run.heldUntil?.toISOString() : undefined],
    ['epoch', run.epoch > 1 ? String(run.epoch) : undefined],
    ['due', run.dueAt.toISOString()],
    ['started', run.startedAt?.toISOString()],
    ['ended', run.endedAt?.toISOString()],
    [
      'worked on by',
      run.holder &&
        `process ${run.holder.pid} on ${run.holder.host}${run.lease?.alive ? '' : ' (no longer)'}`,
    ],
    ['version', run.holder?.version],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : wrapped(`${name}: ${value}`, widthChars, '  '),
  );
  const stages = formatTable<StageView>(
    [
      { title: '  STAGE', value: (stage) => `  ${stage.name}` },
      { title: 'STATE', value: (stage) => stage.state },
      { title: 'TOOK', value: took, align: 'right' },
      { title: 'TRIES', value: (stage) => (stage.tries > 1 ? String(stage.tries) : ''), align: 'right' },
      { title: 'WHY', value: (stage) => stage.error?.code ?? stage.reason ?? '', shrinks: true },
    ],
    run.stages,
    widthChars,
  );
  const held = run.sets.flatMap((set) =>
    wrapped(
      `${setText(set.set)}: ${set.state}${set.by === undefined ? '' : ` by ${set.by}`}: ${set.reason}`,
      widthChars,
      '  ',
    ),
  );
  const progress =
    run.progress === undefined || run.lease?.alive !== true
      ? []
      : [progressText(run.progress.stage, run.progress)];
  return [
    run.id,
    ...lines,
    ...progress,
    ...(run.stages.length === 0 ? [] : ['', ...stages]),
    ...(held.length === 0 ? [] : ['', ...held]),
  ];
}

function took(stage: StageView): string {
  if (stage.startedAt === undefined || stage.endedAt === undefined) return '';
  return durationText(stage.endedAt.getTime() - stage.startedAt.getTime());
}

function setText(set: string): string {
  if (set === byHand) return 'the run';
  return set === wholeRun ? 'everything' : `set ${set}`;
}

import { nextDueAt } from '../control/schedule/run-scheduler.ts';
import { why } from '../control/why.ts';
import { isRotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { silentLog } from '../core/log.ts';
import { isEnded } from '../core/run-state.ts';
import type { AnyJob } from '../jobs/definition/job-definition.ts';
import { claimRules } from '../operations/claim-rules.ts';
import { findRun } from '../operations/runs/find-run.ts';
import { scheduleOf } from '../operations/schedules.ts';
import type { Cli } from './cli.ts';
import { wrapped } from './output/wrapped.ts';
import { type StoreTools, withStoreToRead } from './with-store.ts';

export async function explainWhy(cli: Cli, text: string): Promise<ExitStatus> {
  return await withStoreToRead(cli, async (tools) => {
    const { store, config, known, jobs } = tools;
    const due = await dueSentences(cli, tools, text);
    try {
      const run = await findRun(store, text, known);
      const found = await why({ store, run: run.id, rules: claimRules(config, jobs) });
      const sentences = isEnded(found.state) ? [...found.sentences, ...due] : found.sentences;
      say(cli, { ...found, sentences }, `${found.run} is ${found.state}.`, sentences);
    } catch (error) {
      // What no job has run on yet has a reason, too.
      if (!isRotaError(error, 'RUN_UNKNOWN') || !known.subjects.has(text)) throw error;
      say(cli, { subject: text, state: 'never', sentences: due }, `${text} has no run yet.`, due);
    }
    return exitStatus.done;
  });
}

function say(cli: Cli, value: object, head: string, sentences: readonly string[]): void {
  if (cli.out.json) cli.out.line(value, '');
  else {
    cli.out.text(
      [head, ...sentences.flatMap((sentence) => wrapped(sentence, cli.out.widthChars, '  '))].join('\n'),
    );
  }
}

/** When the subject is due next, for each of its jobs. */
async function dueSentences(cli: Cli, tools: StoreTools, text: string): Promise<readonly string[]> {
  const { config, store, jobs } = tools;
  const parts = text.split('/');
  const [wantedJob, subject] = parts.length === 3 ? parts : [undefined, parts[0]];
  const subjectOf = (job: AnyJob) => job.subjects(config).find((candidate) => candidate === subject);
  const concerned = jobs.flatMap((job) => {
    const own = subjectOf(job);
    const isAsked = wantedJob === undefined || wantedJob === job.name;
    return own === undefined || !isAsked || job.settings(config) === null ? [] : [{ job, own }];
  });
  const sentences: string[] = [];
  for (const { job, own } of concerned) {
    const what = concerned.length === 1 ? own : `${job.name} of ${own}`;
    const schedule = scheduleOf(config, job);
    if (schedule === undefined) {
      sentences.push(
        `No schedule makes ${concerned.length === 1 ? 'it' : what} due: ${job.startCommand(own)} begins a run.`,
      );
      continue;
    }
    const next = await nextDueAt(schedule, own, { store, clock: cli.clock, log: silentLog });
    if (next !== undefined) sentences.push(`${what} is due next at ${next.toISOString()}.`);
  }
  return sentences;
}

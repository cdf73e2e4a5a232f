import { nextDueAt } from '../control/schedule/run-scheduler.ts';
import { why } from '../control/why.ts';
import { isRotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { subjectName } from '../core/ids.ts';
import { silentLog } from '../core/log.ts';
import { isEnded } from '../core/run-state.ts';
import { claimRules } from '../operations/claim-rules.ts';
import { findRun } from '../operations/runs/find-run.ts';
import { schedulesOf } from '../operations/schedules.ts';
import type { Cli } from './cli.ts';
import { wrapped } from './output/wrapped.ts';
import { type StoreTools, withStore } from './with-store.ts';

export async function explainWhy(cli: Cli, text: string): Promise<ExitStatus> {
  return await withStore(cli, async (tools) => {
    const { store, config, known } = tools;
    const due = await dueSentence(cli, tools, text);
    try {
      const run = await findRun(store, text, known);
      const found = await why({ store, run: run.id, rules: claimRules(config) });
      const sentences = isEnded(found.state) ? [...found.sentences, ...due] : found.sentences;
      say(cli, { ...found, sentences }, `${found.run} is ${found.state}.`, sentences);
    } catch (error) {
      // A wiki that has never been dumped has a reason, too.
      if (!isRotaError(error, 'RUN_UNKNOWN') || !known.wikis.includes(text)) throw error;
      say(cli, { wiki: text, state: 'never', sentences: due }, `${text} has no run yet.`, due);
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

async function dueSentence(cli: Cli, tools: StoreTools, text: string): Promise<readonly string[]> {
  const parts = text.split('/');
  const wiki = parts.length === 3 ? parts[1] : parts[0];
  if (wiki === undefined || !tools.known.wikis.includes(wiki)) return [];
  const [schedule] = schedulesOf(tools.config);
  if (schedule === undefined) return [`No schedule makes it due: rota dump ${wiki} dumps it.`];
  const next = await nextDueAt(schedule, subjectName(wiki), {
    store: tools.store,
    clock: cli.clock,
    log: silentLog,
  });
  return next === undefined ? [] : [`${wiki} is due next at ${next.toISOString()}.`];
}

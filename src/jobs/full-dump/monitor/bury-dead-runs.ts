import type { RunDetails } from '../../../control/store/run-view.ts';
import { givenUpStates, isGivenUp } from '../../../core/run-state.ts';
import { setOfJob } from '../../../publish/dump-catalogue/dump-catalogue.ts';
import type { DumpSet } from '../../../publish/dump-catalogue/dump-output.ts';
import { type PublishedDate, readPublishedDate } from '../../../publish/listing/published-dates.ts';
import type { Sweep } from '../../definition/job-monitoring.ts';
import { fullDumpName } from '../name.ts';
import type { StatusContext } from '../run-folder.ts';
import { StatusBoard } from '../status/status-board.ts';

/** What was given up longer ago has been told already. */
const lookBackMs = 7 * 24 * 3_600_000;

/** Says "aborted" on the pages of runs that nobody works on and that still say "in progress"; gives their ids. */
export async function buryDeadRuns(sweep: Sweep): Promise<readonly string[]> {
  const { store, config, trees, clock, log, signal } = sweep;
  const updatedSince = new Date(clock.now().getTime() - lookBackMs);
  const dead = await store.listRuns({ job: fullDumpName, states: givenUpStates, updatedSince, limit: 1_000 });
  const buried: string[] = [];
  for (const { id, subject, date } of dead) {
    signal.throwIfAborted();
    const wiki = config.wikis.get(subject);
    if (wiki === undefined) continue;
    const page = await readPublishedDate(trees[wiki.isPrivate ? 'private' : 'public'], subject, date);
    if (page.status?.label.className !== 'in-progress') continue;
    // It may have been taken up again since it was listed: then its own process writes the page.
    const run = await store.readRun({ id });
    if (run === undefined || !isGivenUp(run.state) || run.lease?.alive === true) continue;
    await new StatusBoard().bury(contextOf(sweep, run), setsUnderWay(page));
    buried.push(id);
  }
  if (buried.length > 0) log.info({ runs: buried }, 'the pages of runs that ended badly say so now');
  return buried;
}

function contextOf(sweep: Sweep, run: RunDetails): StatusContext {
  return {
    run,
    services: { farm: sweep.config, trees: sweep.trees, version: sweep.version },
    clock: sweep.clock,
    readPointer: (key) => sweep.store.readPointer({ key }),
    // Nobody holds it: that it still is so was looked at just now.
    assertCurrent: async () => {},
    assertTrusted: () => {},
    summaryOf: async (name) => run.stages.find((stage) => stage.name === name)?.summary,
  };
}

/** The sets that dumpstatus.json says are being made. */
export function setsUnderWay(page: Pick<PublishedDate, 'dumpStatus'>): ReadonlySet<DumpSet> {
  const { jobs } = page.dumpStatus;
  const sets = new Set<DumpSet>();
  if (typeof jobs !== 'object' || jobs === null) return sets;
  for (const [name, job] of Object.entries(jobs)) {
    const set = setOfJob(name);
    const isUnderWay =
      typeof job === 'object' && job !== null && 'status' in job && job.status === 'in-progress';
    if (set !== undefined && isUnderWay) sets.add(set);
  }
  return sets;
}

import { jobsOf } from '../../../publish/dump-catalogue/dump-catalogue.ts';
import type { DumpOutput, DumpSet } from '../../../publish/dump-catalogue/dump-output.ts';
import { dumpFileName } from '../../../publish/dump-catalogue/file-name.ts';
import type { DumpState, DumpView, FileView } from '../../../publish/status/dump-view.ts';
import type { Audience } from '../../../publish/workspace/tree.ts';
import type { SetStatus } from './status-board.ts';

export interface DumpViewFacts {
  readonly wiki: string;
  readonly date: string;
  readonly state: DumpState;
  readonly planned: readonly DumpOutput[];
  readonly sets: ReadonlyMap<DumpSet, SetStatus>;
  /** The tree that the view is written to: only its files are shown. */
  readonly audience: Audience;
  readonly previousDate: string | null;
  readonly now: Date;
}

/** What the status files are made from. A file is shown as present only when its set is published. */
export function dumpView(facts: DumpViewFacts): DumpView {
  const jobs = jobsOf(facts.planned).map((job) => {
    const set = facts.sets.get(job.set);
    return {
      name: job.name,
      description: job.description,
      status: set?.status ?? ('waiting' as const),
      updatedAt: set?.updatedAt ?? null,
      files: job.outputs.map((output) => fileView(facts, output, set)),
    };
  });
  return {
    wiki: facts.wiki,
    date: facts.date,
    state: facts.state,
    jobs,
    previousDate: facts.previousDate,
    updatedAt: facts.now,
  };
}

function fileView(facts: DumpViewFacts, output: DumpOutput, set: SetStatus | undefined): FileView {
  const name = dumpFileName(facts.wiki, facts.date, output);
  const file = set?.published?.files.find((f) => f.name === name && f.audience === facts.audience);
  if (!file) {
    return { name, sizeBytes: null, state: set?.status === 'in-progress' ? 'writing' : 'missing' };
  }
  const { sizeBytes, md5, sha1, sha256 } = file.digest;
  return { name, sizeBytes, md5, sha1, sha256, state: 'present' };
}

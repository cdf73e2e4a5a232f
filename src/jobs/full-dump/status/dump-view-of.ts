import { jobsOf } from '../../../publish/dump-catalogue/dump-catalogue.ts';
import type { DumpOutput, DumpSet } from '../../../publish/dump-catalogue/dump-output.ts';
import { dumpFileName, isNameOf, undatedName } from '../../../publish/dump-catalogue/file-name.ts';
import type { DumpState, DumpView, FileView } from '../../../publish/status/dump-view.ts';
import type { Audience } from '../../../publish/workspace/tree.ts';
import type { MadeFile } from '../made-file.ts';
import type { SetStatus } from './set-status.ts';

export interface DumpViewFacts {
  readonly wiki: string;
  readonly date: string;
  readonly state: DumpState;
  readonly planned: readonly DumpOutput[];
  /** The content files, once it is decided how they are cut; null before. */
  readonly made: readonly Pick<MadeFile, 'output' | 'name'>[] | null;
  /** The sets whose files may be cut. */
  readonly splitSets: ReadonlySet<DumpSet>;
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
      files: job.outputs.flatMap((output) => fileViews(facts, output, set)),
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

function fileViews(facts: DumpViewFacts, output: DumpOutput, set: SetStatus | undefined): FileView[] {
  const present = (set?.published?.files ?? [])
    .filter((file) => file.audience === facts.audience && isFileOf(facts, output, file.name))
    .map(({ name, digest }): FileView => ({ name, ...digest, state: 'present' }));
  if (present.length > 0) return present;
  const state = set?.status === 'in-progress' ? 'writing' : 'missing';
  return expectedNames(facts, output).map((name) => ({ name, sizeBytes: null, state }));
}

/** Nothing where it is not yet known into how many parts an output is cut: a name that never comes misleads. */
function expectedNames(facts: DumpViewFacts, output: DumpOutput): readonly string[] {
  const made = facts.made?.filter((file) => file.output === output.output) ?? [];
  if (made.length > 0) return made.map((file) => file.name);
  return facts.splitSets.has(output.set) ? [] : [dumpFileName(facts.wiki, facts.date, output)];
}

function isFileOf(facts: DumpViewFacts, output: DumpOutput, name: string): boolean {
  return isNameOf(output, undatedName(facts.wiki, facts.date, name));
}

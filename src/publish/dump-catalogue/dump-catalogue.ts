import { contentOutputs } from './content-outputs.ts';
import type { DumpOutput, DumpSet } from './dump-output.ts';
import { listOutputs } from './list-outputs.ts';
import { tableOutputs } from './table-outputs.ts';

/** Every public file that a dump can have, in the field's order of jobs. docs/reference/files.md is made from it. */
export const dumpOutputs: readonly DumpOutput[] = [...tableOutputs, ...listOutputs, ...contentOutputs];

/** One job of dumpstatus.json. */
export interface DumpJob {
  readonly name: string;
  readonly description: string;
  readonly set: DumpSet;
  readonly outputs: readonly DumpOutput[];
}

/** Groups outputs by their job, in the order in which the jobs first appear. */
export function jobsOf(outputs: readonly DumpOutput[]): readonly DumpJob[] {
  const jobs = new Map<string, { name: string; description: string; set: DumpSet; outputs: DumpOutput[] }>();
  for (const output of outputs) {
    const job = jobs.get(output.job);
    if (job === undefined) {
      const { job: name, description, set } = output;
      jobs.set(name, { name, description, set, outputs: [output] });
    } else {
      job.outputs.push(output);
    }
  }
  return [...jobs.values()];
}

const byOutput: ReadonlyMap<string, DumpOutput> = new Map(dumpOutputs.map((o) => [o.output, o]));
const setByJob: ReadonlyMap<string, DumpSet> = new Map(dumpOutputs.map((o) => [o.job, o.set]));

/** The output of this name, such as `history-zst` or `table:page`; undefined when there is none. */
export function findOutput(name: string): DumpOutput | undefined {
  return byOutput.get(name);
}

/** The set that a job's files are published with; undefined for a job that the catalogue does not know. */
export function setOfJob(job: string): DumpSet | undefined {
  return setByJob.get(job);
}

/** What a job of dumpstatus.json holds, in words for readers; undefined for an unknown job. */
export function findJobDescription(job: string): string | undefined {
  return dumpOutputs.find((output) => output.job === job)?.description;
}

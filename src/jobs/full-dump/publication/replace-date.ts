import { dumpSets } from '../../../publish/dump-catalogue/dump-output.ts';
import { linkLeaseName, publicationKey } from '../../../publish/publication/pointers.ts';
import { removeDate } from '../../../publish/retention/remove-date.ts';
import { readParameters } from '../parameters.ts';
import type { FullDumpContext } from '../run-folder.ts';

/**
 * Takes back what the date has published, where that was asked for (`--force --replace`): pointers first, then the
 * files. Gives the time, for the manifest's record; undefined where nothing was asked.
 */
export async function replaceDate(context: FullDumpContext): Promise<string | undefined> {
  const { run, services, clock } = context;
  if (readParameters(run.parameters).replace !== true) return undefined;
  const { job, subject: wiki, date } = run;
  await context.withLease(linkLeaseName({ job, wiki }), async () => {
    await removeDate(services.trees, wiki, date, async () => {
      for (const set of dumpSets) {
        const key = publicationKey({ job, wiki, date, set });
        if ((await context.readPointer(key)) != null) await context.commitPointer(key, null);
      }
    });
  });
  context.log.warn({ run: run.id }, 'what the date had published was taken back, to be replaced');
  return clock.now().toISOString();
}

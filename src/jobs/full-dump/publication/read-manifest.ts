import { readFile } from 'node:fs/promises';
import { publishedDateNames } from '../../../publish/listing/published-dates.ts';
import type { ManifestSet } from '../../../publish/status/manifest.ts';
import { audienceOf, type StatusContext } from '../run-folder.ts';

/** What later dumps read of an earlier manifest. */
export interface EarlierManifest {
  readonly date: string;
  readonly sets: Readonly<Record<string, ManifestSet>>;
}

/** The manifest of this run's date, or of the newest date before it; null when there is none. */
export async function readManifest(
  context: Pick<StatusContext, 'run' | 'services'>,
  which: 'own' | 'previous',
): Promise<EarlierManifest | null> {
  const { run, services } = context;
  const tree = services.trees[audienceOf(context)];
  const dates = await publishedDateNames(tree, run.subject);
  const candidates = which === 'own' ? [run.date] : dates.filter((date) => date < run.date).toReversed();
  for (const date of candidates) {
    const text = await readFile(tree.file(run.subject, date, 'manifest.json'), 'utf8').catch(() => null);
    if (text === null) continue;
    const { sets } = JSON.parse(text) as { sets?: EarlierManifest['sets'] };
    // Of a date that was taken back nothing is left to compare with.
    if (sets !== undefined && Object.keys(sets).length > 0) return { date, sets };
  }
  return null;
}

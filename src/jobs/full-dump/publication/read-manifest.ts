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
    const sets = await readSets(tree.file(run.subject, date, 'manifest.json'));
    // Of a date that was taken back nothing is left to compare with.
    if (sets !== null && Object.keys(sets).length > 0) return { date, sets };
  }
  return null;
}

/**
 * What a manifest says of its sets; null where there is none, or one that is damaged: a date of before must never keep
 * a new one from being made.
 */
export async function readSets(path: string): Promise<EarlierManifest['sets'] | null> {
  try {
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { readonly sets?: unknown } | null;
    const sets = manifest?.sets;
    return typeof sets === 'object' && sets !== null ? (sets as EarlierManifest['sets']) : null;
  } catch {
    return null;
  }
}

import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { testBed } from '../bed.ts';
import { withServerLock } from '../database.ts';
import type { WikiFlags } from './local-settings.ts';
import {
  createMediaWiki,
  fillWiki,
  restoreWiki,
  saveWiki,
  type TestWiki,
  type WikiSnapshot,
} from './wiki.ts';

interface Recipe {
  readonly flags: WikiFlags;
  readonly sets: readonly string[];
}

const odd: WikiFlags = { odd: true, siteName: 'Odd & Ends' };

/** The wikis that tests share: how each is configured and which sets of test/testbed fill it. */
const recipes = {
  /** Every odd case that MediaWiki's own dump survives. */
  wicked: { flags: { ...odd, uploads: true }, sets: ['wicked', 'uploads'] },
  /** Nothing but the main page, configured as wicked: what its dump is imported into. */
  empty: { flags: { ...odd, compress: true }, sets: [] },
  /** Rows that are damaged so that MediaWiki's dump loses texts or dies. */
  broken: { flags: odd, sets: ['broken'] },
  /** Plain pages with many revisions, texts as gzip: what compressOld.php works on. */
  bulk: { flags: { compress: true }, sets: ['bulk'] },
  /** Texts in external storage. */
  external: { flags: { ...odd, external: true, compress: true }, sets: ['bulk', 'external'] },
} as const satisfies Record<string, Recipe>;

export type SharedWikiName = keyof typeof recipes;

/**
 * A copy of a shared wiki under a name of its own, for this test to read or write; dropped when disposed of.
 * `otherFlags` change its configuration, not what is in it.
 */
export async function wikiCopy(
  name: SharedWikiName,
  database: string,
  otherFlags: WikiFlags = {},
): Promise<TestWiki> {
  return await restoreWiki(database, await snapshotOf(name), otherFlags);
}

/** Fills the wiki when the first test asks; the others wait for it, in whichever process they are. */
async function snapshotOf(name: SharedWikiName): Promise<WikiSnapshot> {
  const { folder, mariadb } = testBed();
  const recipe: Recipe = recipes[name];
  const saved = join(folder, 'snapshots', name);
  await withServerLock(mariadb, `rota wiki ${name}`, async () => {
    if (existsSync(saved)) return;
    await rm(`${saved}.part`, { recursive: true, force: true });
    await using wiki = await createMediaWiki(`made_${name}`, recipe.flags);
    await fillWiki(wiki, ...recipe.sets);
    await saveWiki(wiki, `${saved}.part`);
    await rename(`${saved}.part`, saved);
  });
  return { folder: saved, flags: recipe.flags };
}

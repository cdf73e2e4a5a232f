import { writeIndexPages } from '../../../publish/listing/index-pages.ts';
import type { Sweep } from '../../definition/job-monitoring.ts';

/** Renders the pages that list what there is; private wikis are not even given to the renderer. */
export async function renderIndex(sweep: Sweep): Promise<readonly string[]> {
  const { config, trees, store } = sweep;
  const pauses = (await store.listPauses()).map((pause) => pause.scope);
  const isPaused = pauses.includes('maintenance') || pauses.includes('all');
  return await writeIndexPages(trees.public, {
    publicWikis: [...config.wikis.values()].filter((wiki) => !wiki.isPrivate).map((wiki) => wiki.name),
    title: config.name,
    ...(isPaused ? { message: 'Dumps are paused for maintenance.' } : {}),
  });
}

import { contentModel } from '../text/page-kind.ts';
import type { FinishedPage, LivePage } from './live-page.ts';
import { redirectTarget } from './redirect-target.ts';
import type { WikiRecorder } from './wiki-recorder.ts';

/** What the tables say of a page as it stands now; its links are written. */
export function finishPage(page: LivePage, recorder: WikiRecorder): FinishedPage {
  const text = page.blocks.join('\n\n');
  const { namespace, kind } = page.plan;
  recorder.links.add({ pageId: page.id, namespace, title: page.title, timestamp: page.latestAt }, text);
  const target = redirectTarget(text);
  if (target !== null) recorder.links.redirect(page.id, recorder.links.nameOf(target));
  return {
    id: page.id,
    namespace,
    title: page.title,
    latest: page.latest,
    latestAt: page.latestAt,
    bytes: page.bytes + (page.aux?.size ?? 0),
    model: contentModel(kind),
    redirect: target !== null,
    isNew: page.done === 1,
  };
}

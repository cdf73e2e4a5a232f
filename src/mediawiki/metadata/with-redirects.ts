import type { PageRecord } from '../record/revision-record.ts';
import type { LoadedPage } from './page-loader.ts';
import type { RedirectResolver } from './read-pages-options.ts';
import type { RevisionArena } from './revision-arena.ts';

/** Settles where redirects lead to: checks the rows, and asks the latest texts of those that lack one. */
export async function withRedirects(
  loaded: readonly LoadedPage[],
  loadRevisions: (ids: readonly number[]) => Promise<RevisionArena>,
  options: { readonly redirects?: RedirectResolver | undefined; readonly signal?: AbortSignal | undefined },
): Promise<PageRecord[]> {
  const { redirects, signal } = options;
  if (redirects === undefined) return loaded.map((one) => one.page);
  const unresolved = loaded.filter((one) => one.lacksRedirectRow).map((one) => one.page);
  const latest = await loadRevisions(unresolved.map((page) => page.latestRevisionId).filter((id) => id > 0));
  const withText = unresolved.flatMap((page) => {
    const { from, to } = latest.find(page.id, page.latestRevisionId);
    return from === to ? [] : [{ page, latest: latest.record(from) }];
  });
  const targets = withText.length === 0 ? null : await redirects.fromTexts(withText, signal);
  return loaded.map(({ page, lacksRedirectRow }) => {
    if (lacksRedirectRow) return { ...page, redirect: targets?.get(page.id) ?? null };
    return page.redirect === null ? page : { ...page, redirect: redirects.fromRow(page.redirect) };
  });
}

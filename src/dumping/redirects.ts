import type { Log } from '../core/log.ts';
import type { SiteInfo } from '../mediawiki/siteinfo/site-info.ts';
import { openTextSource } from '../mediawiki/text/open-text-source.ts';
import { Redirects } from '../mediawiki/title/redirects.ts';
import type { WikiAccess } from './wiki-access.ts';

export interface OpenRedirects extends AsyncDisposable {
  readonly redirects: Redirects;
}

/** Finds targets of redirects without a row from their texts; reads those over a connection of its own. */
export async function openRedirects(
  access: WikiAccess,
  siteInfo: SiteInfo,
  log: Log,
): Promise<OpenRedirects> {
  const texts = await openTextSource({
    database: access.database,
    externalStores: access.externalStores,
    legacyEncoding: access.legacyEncoding ?? undefined,
    retryForMs: access.retryForMs,
    log,
  });
  return {
    redirects: new Redirects(siteInfo, texts),
    [Symbol.asyncDispose]: () => texts[Symbol.asyncDispose](),
  };
}

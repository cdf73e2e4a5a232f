import type { WebAddress } from './dump-view.ts';

/**
 * The address of a date's folder: absolute where the root is known, else from the tree's root. Consumers join `url` of
 * dumpstatus.json with the host they read it from, so there only the path is given.
 */
export function datePath(web: WebAddress, wiki: string, date: string): string {
  const root = web.webRoot === undefined ? '' : new URL(web.webRoot).pathname.replace(/\/+$/, '');
  return `${root}/${encodeURIComponent(wiki)}/${date}`;
}

export function dateAddress(web: WebAddress, wiki: string, date: string): string {
  // A feed lies in latest/, beside the dates.
  if (web.webRoot === undefined) return `../${date}`;
  return `${web.webRoot.replace(/\/+$/, '')}/${encodeURIComponent(wiki)}/${date}`;
}

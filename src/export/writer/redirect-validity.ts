import type { RedirectTarget } from '../../mediawiki/record/revision-record.ts';

/** Special pages that MediaWiki refuses as redirect targets (its defaults; by their canonical names). */
const refused = new Set(['userlogout', 'filepath', 'mypage', 'mytalk', 'redirect', 'mylog']);

/** Whether MediaWiki prints this target. */
export function isPrintableRedirect(target: RedirectTarget): boolean {
  if (target.interwiki !== '') return true;
  if (target.namespace === -1) return !refused.has((target.title.split('/')[0] ?? '').toLowerCase());
  return target.title !== '';
}

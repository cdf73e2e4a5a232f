/**
 * Log types that MediaWiki or an extension shows only to some users ($wgLogRestrictions): never public in a dump.
 * Sources: MediaWiki core and the extensions' own registrations.
 */
export const restrictedLogTypes: readonly string[] = [
  'suppress',
  'spamblacklist',
  'titleblacklist',
  'oath',
  'abusefilter',
  'abusefilterprivatedetails',
  'abusefilterblockeddomainhit',
  'abusefilter-protected-vars',
  'checkuser-private-event',
  'checkuser-temporary-account',
  'ipinfo',
  'securepoll',
  'urlshortener',
];

/** What dumpBackup.php --logs itself leaves out on a wiki without such extensions. */
export const mediawikiHiddenLogTypes: readonly string[] = ['suppress'];

/** Log types known to be open to everybody; a type in neither list is held back until someone classifies it. */
export const publicLogTypes: readonly string[] = [
  'block',
  'contentmodel',
  'create',
  'delete',
  'gblblock',
  'gblrename',
  'gblrights',
  'globalauth',
  'globalrename',
  'growthexperiments',
  'import',
  'interwiki',
  'liquidthreads',
  'managetags',
  'massmessage',
  'merge',
  'move',
  'newusers',
  'notifytranslators',
  'pagelang',
  'pagetranslation',
  'pagetriage-copyvio',
  'pagetriage-curation',
  'pagetriage-deletion',
  'patrol',
  'protect',
  'renameuser',
  'review',
  'rights',
  'spamprevention',
  'stable',
  'tag',
  'thanks',
  'timedmediahandler',
  'translationreview',
  'upload',
  'usermerge',
];

export type LogTypeClass = 'public' | 'restricted' | 'unknown';

export interface LogTypeRules {
  /** Types that this wiki's configuration declares public or restricted; it goes before the lists here. */
  readonly public?: readonly string[] | undefined;
  readonly restricted?: readonly string[] | undefined;
}

/** Whether a log type may be published. */
export function classifyLogType(type: string, rules: LogTypeRules = {}): LogTypeClass {
  if (rules.restricted?.includes(type)) return 'restricted';
  if (rules.public?.includes(type)) return 'public';
  if (restrictedLogTypes.includes(type)) return 'restricted';
  return publicLogTypes.includes(type) ? 'public' : 'unknown';
}

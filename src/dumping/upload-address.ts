import type { SiteInfo } from '../mediawiki/siteinfo/site-info.ts';

/**
 * The URL of the wiki's uploads: `<server><scriptpath>/images`, MediaWiki's default for $wgUploadPath. From an answer of
 * api.php; a dump's head does not state the script path, then it is taken to be `/w`.
 */
export function uploadAddress(siteInfo: SiteInfo): string {
  const { server, scriptpath } = generalOf(siteInfo);
  const origin = URL.canParse(siteInfo.base) ? new URL(siteInfo.base).origin : '';
  // A protocol-relative server (//wiki.example) has the protocol of the main page's URL.
  const absolute =
    server?.startsWith('//') === true ? `${origin.split('//', 1)[0]}${server}` : (server ?? origin);
  return `${absolute}${scriptpath ?? '/w'}/images`;
}

function generalOf(siteInfo: SiteInfo): { readonly server?: string; readonly scriptpath?: string } {
  if (siteInfo.apiAnswer === null) return {};
  const answer = JSON.parse(siteInfo.apiAnswer) as { query?: { general?: Record<string, unknown> } };
  const text = (key: string) => {
    const value = answer.query?.general?.[key];
    return typeof value === 'string' ? { [key]: value } : {};
  };
  return { ...text('server'), ...text('scriptpath') };
}

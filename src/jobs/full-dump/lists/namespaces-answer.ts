import type { SiteInfo, SiteNamespace } from '../../../mediawiki/siteinfo/site-info.ts';

/**
 * The answer of api.php (meta=siteinfo) that the field publishes, in one of its two format versions. Made from the
 * wiki's own answer where there is one (both versions say the same in another form), else from a dump's head: then it
 * tells what that knows.
 */
export function namespacesAnswer(siteInfo: SiteInfo, formatVersion: 1 | 2): string {
  const answer = siteInfo.apiAnswer === null ? fromHead(siteInfo) : (JSON.parse(siteInfo.apiAnswer) as Json);
  const { query } = answer as { query?: Record<string, Json> };
  const wanted: Record<string, Json> = {};
  for (const part of ['general', 'namespaces', 'namespacealiases', 'magicwords']) {
    const value = query?.[part];
    if (value !== undefined) wanted[part] = convert(value, formatVersion, part);
  }
  const batchcomplete = formatVersion === 1 ? '' : true;
  return JSON.stringify({ batchcomplete, query: wanted });
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Keys whose value is the name itself in version 1 (`*`). */
const starKeys: Readonly<Record<string, string>> = { namespaces: 'name', namespacealiases: 'alias' };

/** Version 1 says true as '', leaves false out, and calls a namespace's name `*`; version 2 does the opposite. */
function convert(value: Json, version: 1 | 2, part: string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => convert(item, version, part));
  if (typeof value !== 'object' || value === null) return value;
  const name = starKeys[part];
  const converted: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value as { readonly [key: string]: Json })) {
    if (version === 1) {
      if (item === false) continue;
      if (key === name) converted['*'] = item;
      else converted[key] = item === true ? '' : convert(item, version, part);
    } else if (key === '*' && name !== undefined) {
      converted[name] = item;
    } else {
      converted[key] = item === '' && flagKeys.has(key) ? true : convert(item, version, part);
    }
  }
  return converted;
}

/** Properties that are flags: '' in version 1 means true (an empty text elsewhere is a text). */
const flagKeys: ReadonlySet<string> = new Set([
  'content',
  'subpages',
  'nonincludable',
  'case-sensitive',
  'imagewhitelistenabled',
  'langconversion',
  'linkconversion',
  'titleconversion',
  'readonly',
  'writeapi',
  'uploadsenabled',
  'misermode',
  'categorycollation',
]);

function fromHead(siteInfo: SiteInfo): Json {
  return {
    query: {
      general: {
        mainpage: decodeURIComponent(siteInfo.base.split('/').at(-1) ?? '').replaceAll('_', ' '),
        base: siteInfo.base,
        sitename: siteInfo.siteName,
        generator: siteInfo.generator,
        case: siteInfo.case,
        lang: siteInfo.language,
        wikiid: siteInfo.databaseName,
      },
      namespaces: Object.fromEntries(siteInfo.namespaces.map((ns) => [String(ns.id), namespaceOf(ns)])),
      namespacealiases: siteInfo.namespaces.flatMap((ns) =>
        ns.aliases.map((alias) => ({ id: ns.id, alias })),
      ),
    },
  };
}

function namespaceOf(namespace: SiteNamespace): Json {
  return { id: namespace.id, case: namespace.case, name: namespace.name };
}

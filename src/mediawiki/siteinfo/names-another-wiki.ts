import type { SiteInfo } from './site-info.ts';

/**
 * The wiki that the siteinfo says it is of, if that is another one; null where it is right, or does not say.
 * @param own names by which the wiki is known: its own, its database's
 */
export function namesAnotherWiki(
  siteInfo: SiteInfo,
  own: readonly string[],
  tablePrefix: string,
): string | null {
  const stated = statedDatabase(siteInfo);
  // MediaWiki joins the prefix of its tables to the name.
  if (stated === null || own.some((name) => stated === name || stated === `${name}-${tablePrefix}`))
    return null;
  return stated;
}

/** The database that the source itself names; null where it names none. */
function statedDatabase({ apiAnswer, databaseName }: SiteInfo): string | null {
  if (apiAnswer === null) return databaseName;
  const answer = JSON.parse(apiAnswer) as { query: { general: { wikiid?: string; dbname?: string } } };
  return answer.query.general.wikiid ?? answer.query.general.dbname ?? null;
}

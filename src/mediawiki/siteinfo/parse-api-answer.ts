import * as z from 'zod';
import type { SiteInfoResult, SiteNamespace } from './site-info.ts';
import { unreadable } from './unreadable.ts';

const caseSetting = z.enum(['first-letter', 'case-sensitive']);

/** Format version 1 puts texts under "*" and a list as an object; version 2 names everything. */
const answerShape = z.object({
  query: z.object({
    general: z.object({
      sitename: z.string(),
      base: z.string(),
      generator: z.string(),
      case: caseSetting,
      lang: z.string(),
      wikiid: z.string().optional(),
      dbname: z.string().optional(),
    }),
    namespaces: z.record(
      z.string(),
      z.object({
        id: z.number().int(),
        case: caseSetting,
        name: z.string().optional(),
        '*': z.string().optional(),
        canonical: z.string().optional(),
      }),
    ),
    namespacealiases: z
      .array(z.object({ id: z.number().int(), alias: z.string().optional(), '*': z.string().optional() }))
      .optional(),
    magicwords: z.array(z.object({ name: z.string(), aliases: z.array(z.string()) })).optional(),
    interwikimap: z.array(z.object({ prefix: z.string() })).optional(),
  }),
});

const errorShape = z.object({ error: z.object({ code: z.string(), info: z.string().optional() }) });

/** Reads an answer of `action=query&meta=siteinfo`. */
export function parseApiAnswer(
  text: string,
  source: string,
  databaseName: string | undefined,
): SiteInfoResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw unreadable(
      source,
      `its JSON is damaged (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  const refused = errorShape.safeParse(json);
  if (refused.success) {
    const { code, info } = refused.data.error;
    throw unreadable(source, `the wiki refuses (${info ?? code})`);
  }
  const parsed = answerShape.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unreadable(
      source,
      `its JSON lacks ${issue?.path.join('.') ?? 'query'} (${issue?.message ?? 'wrong'})`,
    );
  }
  const { general, namespaces, namespacealiases, magicwords, interwikimap } = parsed.data.query;
  const lacks: string[] = [];
  if (namespacealiases === undefined) lacks.push('namespace aliases');
  if (magicwords === undefined) lacks.push('spellings of #REDIRECT');
  if (interwikimap === undefined) lacks.push('interwiki prefixes');
  const redirect = magicwords?.find((word) => word.name === 'redirect');
  const name = databaseName ?? general.dbname ?? general.wikiid;
  if (name === undefined) throw unreadable(source, 'its JSON does not name the database (wikiid)');
  return {
    lacks,
    siteInfo: {
      siteName: general.sitename,
      databaseName: name,
      base: general.base,
      generator: general.generator,
      case: general.case,
      language: general.lang,
      namespaces: Object.values(namespaces)
        .map((namespace): SiteNamespace => {
          const local = namespace.name ?? namespace['*'] ?? '';
          const aliases = (namespacealiases ?? [])
            .filter((alias) => alias.id === namespace.id)
            .map((alias) => alias.alias ?? alias['*'] ?? '');
          if (namespace.canonical !== undefined) aliases.unshift(namespace.canonical);
          return {
            id: namespace.id,
            name: local,
            case: namespace.case,
            aliases: [...new Set(aliases)].filter((alias) => alias !== '' && alias !== local),
          };
        })
        .sort((a, b) => a.id - b.id),
      redirectWords: magicwords === undefined ? null : (redirect?.aliases ?? ['#REDIRECT']),
      interwikiPrefixes: interwikimap?.map((one) => one.prefix.toLowerCase()) ?? null,
      apiAnswer: text,
    },
  };
}

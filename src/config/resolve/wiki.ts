import { resolve } from 'node:path';
import { nearest } from '../../core/nearest.ts';
import type { Secret } from '../../core/secret.ts';
import type { DatabaseAddress, TlsConfig } from '../database-config.ts';
import type { SiteInfoSource, WikiConfig } from '../farm-config.ts';
import type { Path } from '../faults/document.ts';
import type { FullDumpSettings } from '../full-dump-config.ts';
import type { ParsedDatabase, ParsedSiteInfo } from '../schema/addresses.ts';
import type { ParsedWiki } from '../schema/wiki.ts';
import { resolveDatabase, warnOfPasswordInUrl, withWiki } from './database.ts';
import { type ParsedFullDumpSettings, resolveFullDumpSettings } from './full-dump.ts';
import { mergeSettings } from './merge-settings.ts';
import type { Report } from './report.ts';
import type { SecretReader } from './secrets.ts';
import { resolveTls } from './tls.ts';

/** What a wiki is resolved against. */
export interface WikiContext {
  readonly folder: string;
  readonly report: Report;
  readonly secrets: SecretReader;
  readonly defaults: ParsedWiki;
  readonly slotNames: readonly string[];
  /** The full dump's settings for all wikis. */
  readonly fullDump: ParsedFullDumpSettings;
  readonly cores: number;
}

/** @returns null where the wiki lacks what it must have (which is reported) */
export function resolveWiki(name: string, own: ParsedWiki, context: WikiContext): WikiConfig | null {
  const { folder, report, defaults } = context;
  const given = { ...defaults, ...withoutUndefined(own) };
  const place = placer(name, own, context.defaults);
  const tables = {
    extra: own.tables?.extra ?? defaults.tables?.extra ?? [],
    private: own.tables?.private ?? defaults.tables?.private ?? [],
  };
  for (const table of tables.extra) {
    if (tables.private.includes(table))
      report.fault(place('tables'), `"${table}" stands under extra and private`);
  }
  const logs = { restrictedTypes: given.restrictedLogTypes ?? [], publicTypes: given.publicLogTypes ?? [] };
  for (const type of logs.publicTypes) {
    if (logs.restrictedTypes.includes(type)) {
      report.fault(place('publicLogTypes'), `"${type}" stands under restrictedLogTypes, too`);
    }
  }
  for (const slot of given.slots ?? []) {
    if (context.slotNames.includes(slot)) continue;
    report.fault(
      place('slots'),
      `the top-level \`slots\` have no "${slot}"`,
      nearest(slot, context.slotNames),
    );
  }
  const fullDump = resolveFullDumpSettings(
    mergeSettings<ParsedFullDumpSettings>(context.fullDump, defaults['full-dump'], own['full-dump']),
    { report, path: place('full-dump'), cores: context.cores },
  );
  const addresses = resolveAddresses(name, own, given, context);
  if (addresses === null) return null;
  return {
    name,
    ...addresses,
    tablePrefix: given.tablePrefix ?? '',
    isPrivate: given.private ?? false,
    isClosed: given.closed ?? false,
    legacyEncoding: given.legacyEncoding ?? null,
    imagesFolder: given.images === undefined ? null : resolve(folder, withWiki(given.images, name)),
    imagesUrl: given.imagesUrl ?? null,
    contentModels: given.contentModels ?? {},
    maxReplicationLagMs: given.maxReplicationLag ?? null,
    tables,
    logs,
    slots: given.slots ?? [],
    fullDump: fullDump satisfies FullDumpSettings,
  };
}

/** Where a key of a wiki really stands: with the wiki, or with what holds for all. */
function placer(name: string, own: ParsedWiki, general: ParsedWiki): (key: keyof ParsedWiki) => Path {
  return (key) =>
    own[key] === undefined && general[key] !== undefined ? ['wikiDefaults', key] : ['wikis', name, key];
}

function resolveAddresses(name: string, own: ParsedWiki, given: ParsedWiki, context: WikiContext) {
  const { folder, report } = context;
  const place = placer(name, own, context.defaults);
  if (given.database === undefined) {
    report.fault(
      place('database'),
      'is missing: expected mysql://user@host/database?socket=/path, or sqlite:file',
    );
  } else {
    warnOfPasswordInUrl(given.database, place('database'), report);
  }
  if (given.siteinfo === undefined) {
    report.fault(
      place('siteinfo'),
      "is missing: expected a URL of api.php, or a file (a saved API answer, or a dump's beginning)",
    );
  }
  const password = readPassword(name, own, given, context);
  const tls = resolveTls(given.database, given.tls, {
    wiki: name,
    folder,
    report,
    path: place('tls'),
    fallback: null,
  });
  const externalStores = resolveExternalStores(name, own, { password, tls }, context);
  if (given.database === undefined || given.siteinfo === undefined) return null;
  return {
    database: resolveDatabase(given.database, name, folder, password, tls),
    siteInfo: resolveSiteInfo(given.siteinfo, name, folder),
    externalStores,
  };
}

function readPassword(name: string, own: ParsedWiki, given: ParsedWiki, context: WikiContext): Secret | null {
  const { report, secrets } = context;
  const place = placer(name, own, context.defaults);
  const ownSource = own.passwordFile !== undefined || own.passwordVariable !== undefined;
  const source = ownSource ? own : given;
  const inUrl = given.database?.kind === 'mysql' && given.database.passwordText !== null;
  // A password in the wiki's own URL takes the place of the general one, but two of its own are a contradiction.
  if (inUrl && own.database !== undefined && !ownSource) return null;
  if (inUrl && (source.passwordFile !== undefined || source.passwordVariable !== undefined)) {
    report.fault(
      place('database'),
      'the password stands in the URL and is named beside it, too; give it once',
    );
  }
  return secrets.read({
    file: source.passwordFile === undefined ? undefined : withWiki(source.passwordFile, name),
    variable: source.passwordVariable,
    filePath: place('passwordFile'),
    variablePath: place('passwordVariable'),
  });
}

function resolveExternalStores(
  wiki: string,
  own: ParsedWiki,
  login: { readonly password: Secret | null; readonly tls: TlsConfig | null },
  context: WikiContext,
): ReadonlyMap<string, DatabaseAddress> {
  const { folder, report, secrets, defaults } = context;
  const result = new Map<string, DatabaseAddress>();
  for (const [cluster, store] of Object.entries({ ...defaults.externalStores, ...own.externalStores })) {
    const isOwn = own.externalStores?.[cluster] !== undefined;
    const path = [...(isOwn ? ['wikis', wiki] : ['wikiDefaults']), 'externalStores', cluster];
    const { database, ...source } = isAddress(store) ? { database: store } : store;
    warnOfPasswordInUrl(database, path, report);
    const password = secrets.read({
      file: 'passwordFile' in source && source.passwordFile ? withWiki(source.passwordFile, wiki) : undefined,
      variable: 'passwordVariable' in source ? source.passwordVariable : undefined,
      filePath: [...path, 'passwordFile'],
      variablePath: [...path, 'passwordVariable'],
    });
    const tls = resolveTls(database, 'tls' in source ? source.tls : undefined, {
      wiki,
      folder,
      report,
      path: [...path, 'tls'],
      fallback: login.tls,
    });
    result.set(cluster, resolveDatabase(database, wiki, folder, password ?? login.password, tls));
  }
  return result;
}

function isAddress(store: object): store is ParsedDatabase {
  return 'kind' in store;
}

function resolveSiteInfo(parsed: ParsedSiteInfo, wiki: string, folder: string): SiteInfoSource {
  return parsed.kind === 'api'
    ? { kind: 'api', url: withWiki(parsed.url, wiki) }
    : { kind: 'file', file: resolve(folder, withWiki(parsed.file, wiki)) };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}

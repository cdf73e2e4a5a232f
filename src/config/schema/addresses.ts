/** Addresses of databases, of the store and of a wiki's siteinfo. Relative paths stay relative here. */
import * as z from 'zod';
import { nearest } from '../../core/nearest.ts';
import { isHttpUrl } from './values.ts';

/** A database as its URL names it; a password inside is kept apart, to be wrapped and warned about. */
export type ParsedDatabase =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'mysql';
      readonly host: string;
      readonly port: number;
      readonly socketPath: string | null;
      readonly user: string;
      readonly database: string;
      readonly tls: 'off' | 'no-verify' | 'verify' | null;
      /** From the URL itself. */
      readonly passwordText: string | null;
    };

const forms = 'mysql://user@host[:port]/database[?socket=/path][&tls=verify], or sqlite:file';
const mysqlParameters = ['socket', 'tls'];
const tlsModes = ['verify', 'no-verify', 'off'] as const;

export const databaseUrl = z
  .string({ error: forms })
  .transform((value, context): ParsedDatabase => {
    const parsed = parseDatabaseUrl(value);
    if (typeof parsed !== 'string') return parsed;
    context.addIssue({ code: 'custom', message: parsed });
    return z.NEVER;
  })
  .meta({ kind: 'database URL' });

export const storeUrl = z
  .string({ error: 'sqlite:file' })
  .regex(/^sqlite:.+$/, { error: 'sqlite:file' })
  .transform((value) => ({ kind: 'sqlite' as const, file: value.slice('sqlite:'.length) }))
  .meta({ kind: 'sqlite:path' });

export type ParsedSiteInfo =
  | { readonly kind: 'api'; readonly url: string }
  | { readonly kind: 'file'; readonly file: string };

const siteInfoForms = "a URL of api.php, or a file (a saved API answer, or a dump's beginning)";

export const siteInfoSource = z
  .string({ error: siteInfoForms })
  .min(1, { error: siteInfoForms })
  .transform((value, context): ParsedSiteInfo => {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return { kind: 'file', file: value };
    if (isHttpUrl(value)) return { kind: 'api', url: value };
    context.addIssue({ code: 'custom', message: siteInfoForms });
    return z.NEVER;
  })
  .meta({ kind: 'URL or path' });

/** @returns what is wanted instead, as a phrase, when the URL is not understood */
function parseDatabaseUrl(value: string): ParsedDatabase | string {
  if (value.startsWith('sqlite:') && value.length > 'sqlite:'.length) {
    return { kind: 'sqlite', file: value.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '') };
  }
  if (/^postgres(ql)?:/i.test(value))
    return `a MariaDB, MySQL or SQLite database (${forms}); PostgreSQL cannot be read`;
  if (!/^(mysql|mariadb):\/\//.test(value) || !URL.canParse(value)) return forms;
  const url = new URL(value);
  const database = decoded(url.pathname.slice(1));
  const user = decoded(url.username);
  const passwordText = url.password === '' ? null : decoded(url.password);
  if (database === null || user === null || decoded(url.password) === null)
    return `${forms} with % written as %25`;
  if (user === '') return `${forms}; the user is missing`;
  if (database === '' || database.includes('/')) return `${forms}; the database is missing`;
  for (const key of url.searchParams.keys()) {
    if (mysqlParameters.includes(key)) continue;
    const near = nearest(key, mysqlParameters);
    return `${forms}; the parameter ${JSON.stringify(key)} is unknown${near === null ? '' : ` (did you mean "${near}"?)`}`;
  }
  const socketPath = url.searchParams.get('socket');
  if (socketPath === '') return `${forms}; the socket's path is missing`;
  const tlsText = url.searchParams.get('tls');
  const tls = tlsModes.find((mode) => mode === tlsText) ?? null;
  if (tlsText !== null && tls === null) return `${forms}; tls is one of ${tlsModes.join(', ')}`;
  if (url.hostname === '' && socketPath === null) return `${forms}; the host is missing`;
  return {
    kind: 'mysql',
    host: url.hostname === '' ? 'localhost' : url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 3306 : Number(url.port),
    socketPath,
    tls,
    user,
    database,
    passwordText,
  };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type * as z from 'zod';
import type { TlsConfig } from '../database-config.ts';
import type { Path } from '../faults/document.ts';
import type { ParsedDatabase } from '../schema/addresses.ts';
import type { tls } from '../schema/tls.ts';
import { withWiki } from './database.ts';
import type { Report } from './report.ts';

export interface TlsContext {
  readonly wiki: string;
  readonly folder: string;
  readonly report: Report;
  /** Where the keys stand in rota.yaml. */
  readonly path: Path;
  /** What holds where neither the keys nor the URL say anything. */
  readonly fallback: TlsConfig | null;
}

/** What the URL and the keys beside it say together; null: not encrypted. */
export function resolveTls(
  database: ParsedDatabase | undefined,
  given: z.output<typeof tls> | undefined,
  context: TlsContext,
): TlsConfig | null {
  if (database?.kind !== 'mysql') {
    if (given !== undefined) context.report.fault(context.path, 'tls is for MariaDB and MySQL only');
    return null;
  }
  const mode = database.tls;
  if (given === undefined && mode === null) return database.socketPath === null ? context.fallback : null;
  if (mode === 'off') return null;
  if (database.socketPath !== null) {
    context.report.fault(context.path, 'a socket is not encrypted: leave out tls, or the socket');
    return null;
  }
  if ((given?.cert === undefined) !== (given?.key === undefined)) {
    context.report.fault(context.path, 'cert and key go together');
  }
  return {
    verify: given === undefined ? mode === 'verify' : (given.verify ?? true),
    caFile: fileOf(given?.ca, 'ca', context),
    certFile: fileOf(given?.cert, 'cert', context),
    keyFile: fileOf(given?.key, 'key', context),
  };
}

function fileOf(given: string | undefined, key: string, context: TlsContext): string | null {
  if (given === undefined) return null;
  const file = resolve(context.folder, withWiki(given, context.wiki));
  try {
    accessSync(file, constants.R_OK);
  } catch {
    context.report.fault([...context.path, key], 'this file is not there, or must not be read');
  }
  return file;
}

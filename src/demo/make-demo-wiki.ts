import { writeFile } from 'node:fs/promises';
import { RotaError } from '../core/errors/rota-error.ts';
import type { DemoDatabase } from './database/demo-database.ts';
import { type DemoDatabases, openDemoDatabases } from './database/open-demo-database.ts';
import { quoted } from './schema/create-statements.ts';
import { wikiTables } from './schema/wiki-tables.ts';
import { dumpHead } from './siteinfo/dump-head.ts';
import { siteAnswer } from './siteinfo/site-answer.ts';
import { generateWiki, type WikiSummary } from './wiki/generate-wiki.ts';
import type { WikiOptions } from './wiki/wiki-options.ts';

export interface MakeDemoWikiRequest {
  /** `mysql://…`, `sqlite:FILE`, or the path of a file. */
  readonly address: string;
  readonly password?: string;
  readonly options: WikiOptions;
  /** Write over a wiki that is there. */
  readonly replace: boolean;
  /** Where to write its siteinfo: a dump's head if the name ends in .xml, else an answer of api.php; null: nowhere. */
  readonly siteinfoFile: string | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (summary: WikiSummary) => void;
}

/**
 * Makes a wiki in a database of its own.
 * @throws RotaError USAGE when there is a wiki already and it is not to be replaced, or the sizes make no sense
 */
export async function makeDemoWiki(request: MakeDemoWikiRequest): Promise<WikiSummary> {
  const { address, options, replace, signal, onProgress } = request;
  checkSizes(options);
  const needsExternal = (options.storage.external ?? 0) > 0;
  await using databases = await openDemoDatabases({
    address,
    external: needsExternal,
    ...(request.password === undefined ? {} : { password: request.password }),
    replace,
  });
  const { database, external } = databases;
  if (!replace && (await holdsWiki(database))) {
    throw new RotaError(
      'USAGE',
      `The database ${options.name} holds a wiki already: name another one, or give --replace to lose it.`,
    );
  }
  let summary: WikiSummary;
  try {
    summary = await generateWiki({
      database,
      external,
      options,
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  } catch (error) {
    // Half a wiki looks like a whole one to whoever reads it next. Where the server is gone it has to stay.
    await dropWiki(databases, options).catch(() => {});
    throw error;
  }
  if (request.siteinfoFile !== null) await writeSiteinfo(request.siteinfoFile, options);
  return summary;
}

async function dropWiki({ database, external }: DemoDatabases, options: WikiOptions): Promise<void> {
  for (const { name } of wikiTables(options.schema)) {
    await database.execute([`DROP TABLE IF EXISTS ${quoted(name, database.dialect)}`]);
  }
  await external?.execute(['DROP TABLE IF EXISTS blobs']);
}

/** Writes what a farm's configuration names as the wiki's siteinfo. */
export async function writeSiteinfo(file: string, options: WikiOptions): Promise<void> {
  await writeFile(
    file,
    file.endsWith('.xml') ? dumpHead(options) : `${JSON.stringify(siteAnswer(options), null, 1)}\n`,
  );
}

function checkSizes(options: WikiOptions): void {
  const wrong =
    options.pages < 40
      ? 'a demonstration wiki has at least 40 pages, so that it has pages of every kind'
      : options.revisions < options.pages
        ? 'every page has a revision, so there are at least as many revisions as pages'
        : null;
  if (wrong !== null) {
    throw new RotaError(
      'USAGE',
      `${options.pages} pages and ${options.revisions} revisions cannot be made: ${wrong}.`,
    );
  }
}

async function holdsWiki(database: DemoDatabase): Promise<boolean> {
  const sql =
    database.dialect === 'sqlite'
      ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('page', 'revision')"
      : "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ('page', 'revision')";
  const [row] = await database.query(sql);
  return Number(row?.[0] ?? 0) > 0;
}

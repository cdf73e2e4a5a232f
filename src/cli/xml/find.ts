import { isRotaError, RotaError } from '../../core/errors/rota-error.ts';
import type { DumpSource } from '../../files/dump-source.ts';
import {
  type FoundPage,
  findPageById,
  findPageByIndex,
  indexNameOf,
  scanForPage,
} from '../../files/find/find-page.ts';
import { lastOf } from '../../files/last-of.ts';
import type { Cli } from '../cli.ts';
import { bytesText } from '../output/quantities.ts';
import { openDump } from './file-tools.ts';

export interface FindOptions {
  readonly id?: number;
  readonly title?: string;
  readonly index?: string;
}

export async function findPage(cli: Cli, file: string, options: FindOptions): Promise<undefined> {
  if ((options.id === undefined) === (options.title === undefined)) {
    throw new RotaError('USAGE', 'name the page by --id or by --title');
  }
  const source = await openDump(cli, file);
  const found =
    options.id === undefined
      ? await byTitle(cli, source, options.title ?? '', options.index)
      : await findPageById(source, options.id);
  if (found.by === 'scan' && options.id !== undefined) {
    cli.out.remark(`rota: ${source.format} can only be read from its start: ${file} was read up to the page`);
  }
  cli.out.line({ file, ...found }, describe(found));
}

async function byTitle(
  cli: Cli,
  source: DumpSource,
  title: string,
  index: string | undefined,
): Promise<FoundPage> {
  const name = index ?? (source.path === null ? null : indexNameOf(source.path));
  if (name !== null) {
    try {
      return await findPageByIndex(source, await openDump(cli, name), title);
    } catch (error) {
      // An index that the user did not name need not be there.
      if (index !== undefined || !isRotaError(error, 'FILE_UNREADABLE')) throw error;
    }
  }
  cli.out.remark(`rota: there is no index: ${source.name} is read from its start (--index names one)`);
  return await scanForPage(source, { title });
}

function describe(found: FoundPage): string {
  const place =
    found.fileOffset === null
      ? `byte ${found.rawOffset} of the XML`
      : `byte ${found.fileOffset}, bit ${found.bit}, ${found.rawOffset} bytes into the block`;
  const read = found.bytesRead === null ? '' : `, ${bytesText(found.bytesRead)} read`;
  return `page ${found.pageId} ${JSON.stringify(found.title)}: ${place} (${found.by}${read})`;
}

export async function last(cli: Cli, file: string, kind: 'page' | 'revision'): Promise<undefined> {
  const report = await lastOf(await openDump(cli, file), kind);
  if (report.id === null) {
    const message = `${file} has no ${kind} in what could be read of it.`;
    throw new RotaError('PAGE_NOT_FOUND', message, { facts: { file } });
  }
  if (report.isCut) {
    cli.out.remark(`rota: ${file} is cut short or damaged: this is the last ${kind} that was begun`);
  }
  cli.out.line({ file, kind, ...report }, String(report.id));
}

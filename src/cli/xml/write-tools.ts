import { RotaError } from '../../core/errors/rota-error.ts';
import type { ContainerFormat } from '../../export/containers/read/container.ts';
import {
  formatOfName,
  openBz2,
  openWriter,
  type WriteTarget,
} from '../../export/containers/write/open-writer.ts';
import { mergeDumps } from '../../files/merge-dumps.ts';
import { recompress, recompressMultistream } from '../../files/recompress.ts';
import type { Cli } from '../cli.ts';
import { bytesText } from '../output/quantities.ts';
import { fileTools, openDump, outputPath, refuseTwiceStdin } from './file-tools.ts';

export interface RecompressOptions {
  readonly output: string;
  readonly format?: ContainerFormat;
  readonly multistream?: boolean;
  readonly pagesPerStream?: number;
  readonly index?: string;
}

export async function recompressDump(cli: Cli, file: string, options: RecompressOptions): Promise<undefined> {
  const source = await openDump(cli, file);
  const target = outputPath(cli, options.output, [file]);
  const format = chosenFormat(target, options.format);
  const tools = fileTools(cli);
  if (options.multistream !== true) {
    if (options.index !== undefined || options.pagesPerStream !== undefined) {
      throw new RotaError('USAGE', '--index and --pages-per-stream go with --multistream');
    }
    await using writer = await openWriter(target, format, tools);
    const { rawBytes } = await recompress(source, writer);
    cli.out.remark(`rota: ${file} → ${options.output}: ${bytesText(rawBytes)} of content as ${format}`);
    return;
  }
  if (format !== 'bz2') throw new RotaError('USAGE', `--multistream is for bz2, not for ${format}`);
  if (options.index === '-' && options.output === '-') {
    throw new RotaError('USAGE', 'the dump and its index cannot both go to standard output; name a file');
  }
  const indexPath =
    options.index === undefined ? null : outputPath(cli, options.index, [file, options.output]);
  const index = indexPath === null ? undefined : await openWriter(indexPath, chosenFormat(indexPath), tools);
  await using writer = await openBz2(target, tools, index);
  const { rawBytes, pages, streams } = await recompressMultistream(source, writer, options.pagesPerStream);
  cli.out.remark(
    `rota: ${file} → ${options.output}: ${pages} pages in ${streams} streams, ${bytesText(rawBytes)} of content`,
  );
}

export interface MergeOptions {
  readonly output: string;
  readonly format?: ContainerFormat;
}

export async function merge(cli: Cli, files: readonly string[], options: MergeOptions): Promise<undefined> {
  refuseTwiceStdin(files);
  const target = outputPath(cli, options.output, files);
  const sources = [];
  for (const file of files) sources.push(await openDump(cli, file));
  await using writer = await openWriter(target, chosenFormat(target, options.format), fileTools(cli));
  const report = await mergeDumps(sources, writer);
  cli.out.remark(
    `rota: ${report.files} files → ${options.output}: ${report.pages} pages, ${report.revisions} revisions, ` +
      `${bytesText(report.rawBytes)} of XML`,
  );
}

/** What was asked for, else what the name says. */
export function chosenFormat(target: WriteTarget, asked?: ContainerFormat): ContainerFormat {
  return asked ?? (typeof target === 'string' ? formatOfName(target) : 'plain');
}

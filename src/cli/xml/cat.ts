import { RotaError } from '../../core/errors/rota-error.ts';
import { formatOfName, openWriter } from '../../export/containers/write/open-writer.ts';
import { catPages } from '../../files/cat-pages.ts';
import type { Cli } from '../cli.ts';
import { fileTools, openDump, outputPath } from './file-tools.ts';

export interface CatOptions {
  readonly fromPage?: number;
  readonly toPage?: number;
  readonly page?: number;
  readonly output: string;
}

export async function cat(cli: Cli, file: string, options: CatOptions): Promise<undefined> {
  if (options.page !== undefined && (options.fromPage !== undefined || options.toPage !== undefined)) {
    throw new RotaError('USAGE', '--page stands alone: it means --from-page and --to-page of one id');
  }
  const from = options.page ?? options.fromPage ?? 1;
  const to = options.page ?? options.toPage ?? Number.POSITIVE_INFINITY;
  if (from > to) throw new RotaError('USAGE', `--from-page ${from} is greater than --to-page ${to}`);
  const source = await openDump(cli, file);
  const target = outputPath(cli, options.output, [file]);
  const format = typeof target === 'string' ? formatOfName(target) : 'plain';
  await using writer = await openWriter(target, format, fileTools(cli));
  let pages = 0;
  const onPage = () => {
    pages += 1;
  };
  for await (const bytes of catPages(source, { from, to, onPage })) await writer.write(bytes);
  if (options.page !== undefined && pages === 0) {
    throw new RotaError('PAGE_NOT_FOUND', `${file} has no page ${from}.`, { facts: { file, page: from } });
  }
  await writer.finish();
}

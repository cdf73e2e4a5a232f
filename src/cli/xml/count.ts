import { countDump, countPerPage, type PageCount } from '../../files/count-pages.ts';
import type { Cli } from '../cli.ts';
import { bytesText } from '../output/quantities.ts';
import { printable } from '../output/table.ts';
import { drained, openDump, refuseTwiceStdin } from './file-tools.ts';

export interface CountOptions {
  readonly perPage?: boolean;
}

export async function count(cli: Cli, files: readonly string[], options: CountOptions): Promise<undefined> {
  refuseTwiceStdin(files);
  for (const file of files) {
    const source = await openDump(cli, file);
    if (options.perPage === true) {
      for await (const page of countPerPage(source)) {
        if (cli.out.json) cli.out.line(page, '');
        else cli.out.text(pageLine(page));
        await drained(cli);
      }
      continue;
    }
    const counts = await countDump(source);
    const items = counts.logItems === 0 ? '' : `, ${counts.logItems} log items`;
    const range = counts.firstPageId === null ? '' : ` (${counts.firstPageId} to ${counts.lastPageId})`;
    cli.out.line(
      { file, ...counts },
      `${file}: ${counts.pages} pages${range}, ${counts.revisions} revisions${items}, ${bytesText(counts.rawBytes)}`,
    );
  }
}

/** Fields with tabs between them, for cut and awk. */
function pageLine(page: PageCount): string {
  const { pageId, revisions, rawBytes, greatestRevisionBytes, title } = page;
  return [pageId, revisions, rawBytes, greatestRevisionBytes, printable(title)].join('\t');
}

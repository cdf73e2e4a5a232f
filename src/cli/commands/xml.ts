import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { Cli } from '../cli.ts';
import type { RegisterCommand } from '../command-module.ts';
import type { CatOptions } from '../xml/cat.ts';
import type { CheckOptions } from '../xml/check.ts';
import type { CountOptions } from '../xml/count.ts';
import type { FindOptions } from '../xml/find.ts';
import type { VerifyOptions } from '../xml/inspect.ts';
import type { RepairOptions } from '../xml/repair.ts';
import type { SplitOptions } from '../xml/split.ts';
import type { MergeOptions, RecompressOptions } from '../xml/write-tools.ts';

const formats = ['bz2', 'zst', 'gz', '7z', 'plain'] as const;
const theFile = () => new Argument('<file>', 'a dump (bz2, zst, gz, 7z, plain), or - for standard input');
const theFiles = () => new Argument('<files...>', 'dumps (bz2, zst, gz, 7z, plain), or - for standard input');
const format = () => new Option('--format <format>', 'instead of what the name says').choices(formats);

export const registerXml: RegisterCommand = (program, cli) => {
  const xml = program.command('xml').summary('check, search, cut, join and mend dump files');
  registerReading(xml, cli);
  registerVerify(xml, cli);
  registerWriting(xml, cli);
};

function registerReading(xml: Command, cli: Cli): void {
  xml
    .command('check')
    .summary('tell whether dumps are whole, and where they break off')
    .description(
      'Reads dumps to their end: compression, nesting, order of ids. Says in which block and page a damaged one breaks ' +
        'off. Exit status 1 if one is damaged, or was cut back by rota xml repair.',
    )
    .addArgument(theFiles())
    .option('--end', 'look at the end only: at once, but says nothing of what stands before')
    .action(
      cli.action(async (files: string[], options: CheckOptions) =>
        (await import('../xml/check.ts')).check(cli, files, options),
      ),
    );
  xml
    .command('find-page')
    .summary('tell where in a dump a page begins')
    .description(
      'By id: in bz2, seekable zst and plain files by halving, so that of a file of 10 GB a few MB are read; page ids ' +
        'must ascend. By title: in the index of a multistream file, else by reading the dump from its start. Exit ' +
        'status 4 if there is no such page.',
    )
    .addArgument(theFile())
    .addOption(new Option('--id <id>', "the page's id").argParser(count))
    .option('--title <title>', 'its title with namespace, as in the dump')
    .option('--index <file>', "the multistream index (else the field's name beside the dump)")
    .action(
      cli.action(async (file: string, options: FindOptions) =>
        (await import('../xml/find.ts')).findPage(cli, file, options),
      ),
    );
  for (const [name, kind] of [
    ['last-page', 'page'],
    ['last-rev', 'revision'],
  ] as const) {
    xml
      .command(name)
      .summary(`print the id of the last ${kind} in a dump`)
      .description(
        `Prints the id of the last ${kind} that begins in the file, also if it is cut short (then it says so). Reads ` +
          'from the end where that can be done.',
      )
      .addArgument(theFile())
      .action(cli.action(async (file: string) => (await import('../xml/find.ts')).last(cli, file, kind)));
  }
  xml
    .command('count')
    .summary('count pages and revisions')
    .addArgument(theFiles())
    .option('--per-page', 'id, revisions, bytes, bytes of the largest revision and title of each page')
    .action(
      cli.action(async (files: string[], options: CountOptions) =>
        (await import('../xml/count.ts')).count(cli, files, options),
      ),
    );
  xml
    .command('show-crcs')
    .summary('list the blocks of a bz2 file with their checksums')
    .description('Every block is decoded, so its checksum is proved. Exit status 1 if one is wrong.')
    .addArgument(theFile())
    .action(cli.action(async (file: string) => (await import('../xml/inspect.ts')).showCrcs(cli, file)));
  xml
    .command('diff')
    .summary('list pages and revisions that differ between two dumps')
    .description(
      'Compares two dumps of any formats, revision by revision and byte by byte. Exit status 0 if they are the same, 3 if ' +
        'they differ, 1 if one could not be read.',
    )
    .addArgument(new Argument('<a>', 'the older dump'))
    .addArgument(new Argument('<b>', 'the newer dump'))
    .action(cli.action(async (a: string, b: string) => (await import('../xml/inspect.ts')).diff(cli, a, b)));
}

function registerVerify(xml: Command, cli: Cli): void {
  xml
    .command('verify')
    .summary('prove a content dump page by page with the ledger of its date')
    .description(
      'Every page of the dump must be in the ledger, and the other way round, with the same revisions and the same of ' +
        'each. Exit status 0 if so, 3 if not.',
    )
    .addArgument(theFile())
    .requiredOption('--ledger <file>', 'the ledger that was published with the dump')
    .action(
      cli.action(async (file: string, options: VerifyOptions) =>
        (await import('../xml/inspect.ts')).verify(cli, file, options),
      ),
    );
}

function registerWriting(xml: Command, cli: Cli): void {
  xml
    .command('cat')
    .summary('write the pages of a range as a dump of their own')
    .description('Head, the pages whose ids lie in the range, and foot. Page ids must ascend.')
    .addArgument(theFile())
    .addOption(new Option('--from-page <id>', 'the first').argParser(count))
    .addOption(new Option('--to-page <id>', 'the last; it is included').argParser(count))
    .addOption(new Option('--page <id>', 'only this').argParser(count))
    .option('-o, --output <file>', 'file (its ending says the format), or - for standard output', '-')
    .action(
      cli.action(async (file: string, options: CatOptions) =>
        (await import('../xml/cat.ts')).cat(cli, file, options),
      ),
    );
  xml
    .command('recompress')
    .summary('write a dump in another format, also as a multistream file with index')
    .addArgument(theFile())
    .requiredOption('-o, --output <file>', 'file (its ending says the format), or - for standard output')
    .addOption(format())
    .option('--multistream', 'a bz2 stream for the head, one for each 100 pages, one for the foot')
    .addOption(new Option('--pages-per-stream <n>', 'instead of 100').argParser(count))
    .option('--index <file>', 'write the index of the multistream file')
    .action(
      cli.action(async (file: string, options: RecompressOptions) =>
        (await import('../xml/write-tools.ts')).recompressDump(cli, file, options),
      ),
    );
  xml
    .command('split')
    .summary('cut a dump into dumps of consecutive pages')
    .description(
      "The files have the field's names: x-pages-meta-history.xml.bz2 becomes x-pages-meta-history1.xml-p1p100.bz2 and so " +
        'on; ranges include both ends and leave no gaps. No page is cut.',
    )
    .addArgument(theFile())
    .addOption(new Option('--pages <n>', 'so many pages a file').argParser(count))
    .addOption(
      new Option('--max-raw-bytes <n>', 'begin a new file after so many bytes of XML').argParser(count),
    )
    .addOption(new Option('--ends <ids>', 'the last page ids of the files, with commas').argParser(rising))
    .option('-o, --output <folder>', 'folder for the files', '.')
    .option('--name <file>', 'the name of the whole, where the file has another')
    .addOption(format())
    .action(
      cli.action(async (file: string, options: SplitOptions) =>
        (await import('../xml/split.ts')).split(cli, file, options),
      ),
    );
  xml
    .command('merge')
    .summary('join the parts of a dump, in the order of their pages')
    .description('The heads must be the same, and page ids must go on from file to file.')
    .addArgument(theFiles())
    .requiredOption('-o, --output <file>', 'file (its ending says the format), or - for standard output')
    .addOption(format())
    .action(
      cli.action(async (files: string[], options: MergeOptions) =>
        (await import('../xml/write-tools.ts')).merge(cli, files, options),
      ),
    );
  xml
    .command('repair')
    .summary('write what is whole of a damaged dump')
    .description(
      'Everything up to the last whole page or revision before the damage and, in bz2 and zst files, whole pages behind it; ' +
        'closed, and marked as partial by a comment at its end. Says what is lost. Exit status 3, or 4 if the dump is whole.',
    )
    .addArgument(new Argument('<file>', 'a damaged dump; it is not changed'))
    .requiredOption('-o, --output <file>', 'file (its ending says the format)')
    .action(
      cli.action(async (file: string, options: RepairOptions) =>
        (await import('../xml/repair.ts')).repair(cli, file, options),
      ),
    );
}

function count(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('give a whole number from 1.');
}

function rising(text: string): readonly number[] {
  const ids = text.split(',').map(count);
  if (ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? 0))) return ids;
  throw new InvalidArgumentError('give ids that rise.');
}

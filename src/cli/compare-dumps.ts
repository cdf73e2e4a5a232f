import { join, resolve } from 'node:path';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { type ComparedOutput, compareFolders, openDumpFolder } from '../files/diff/compare-folders.ts';
import type { Cli } from './cli.ts';
import { fileTools } from './xml/file-tools.ts';

export interface CompareOptions {
  readonly date?: string;
  readonly with?: string;
}

/** Compares another program's dump of a wiki with Rota's. */
export async function compareDumps(cli: Cli, folder: string, options: CompareOptions): Promise<ExitStatus> {
  const theirs = await openDumpFolder(resolve(cli.io.cwd, folder));
  const ours =
    options.with === undefined
      ? await publishedFolder(cli, theirs.wiki, options.date ?? theirs.date)
      : await openDumpFolder(resolve(cli.io.cwd, options.with));
  let compared = 0;
  let isSame = true;
  for await (const one of compareFolders(theirs, ours, fileTools(cli))) {
    if (one.theirs !== null && one.ours !== null) compared += 1;
    isSame &&= one.result === 'same';
    cli.out.line(one, describe(one));
  }
  if (compared > 0) return isSame ? exitStatus.done : exitStatus.doneWithErrors;
  cli.out.remark('the two folders have no output in common');
  return exitStatus.nothingToDo;
}

async function publishedFolder(cli: Cli, wiki: string, date: string) {
  if (!/^\d{8}$/.test(date))
    throw new RotaError('USAGE', `${JSON.stringify(date)} is no date; give YYYYMMDD`);
  const config = await cli.farm();
  const [{ wikiNamed }, { openTrees }] = await Promise.all([
    import('../config/wiki-named.ts'),
    import('../composition.ts'),
  ]);
  const tree = openTrees(config)[wikiNamed(config, wiki).isPrivate ? 'private' : 'public'];
  return await openDumpFolder(join(tree.wikiFolder(wiki), date));
}

function describe({ output, result, differences, first, theirs, ours }: ComparedOutput): string {
  switch (result) {
    case 'same':
      return `${output}: the same (${theirs}, ${ours})`;
    case 'only-theirs':
      return `${output}: only there (${theirs})`;
    case 'only-ours':
      return `${output}: only here (${ours})`;
    case 'different': {
      const pages = [...new Set(first.flatMap(({ pageId }) => (pageId === null ? [] : [pageId])))];
      const where = pages.length === 0 ? '' : `, the first in page ${pages.join(', ')}`;
      return `${output}: ${differences} difference${differences === 1 ? '' : 's'}${where} (rota xml diff ${theirs} ${ours})`;
    }
  }
}

import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { blockCrcs, type CrcLine } from '../../files/block-crcs.ts';
import { type Difference, diffDumps } from '../../files/diff/diff-dumps.ts';
import type { Cli } from '../cli.ts';
import { drained, openDump } from './file-tools.ts';

export async function showCrcs(cli: Cli, file: string): Promise<ExitStatus> {
  let isWhole = true;
  for await (const line of blockCrcs(await openDump(cli, file), cli.signal)) {
    isWhole &&= line.kind !== 'fault';
    cli.out.line(line, crcText(line));
    await drained(cli);
  }
  return isWhole ? exitStatus.done : exitStatus.failed;
}

function crcText(line: CrcLine): string {
  const place = `byte ${line.fileOffset}, bit ${line.bit}`;
  if (line.kind === 'block') return `block ${line.block}: ${place}: ${line.crc}, ${line.rawBytes} bytes`;
  if (line.kind === 'stream-end') return `stream ${line.stream} ends: ${place}: ${line.crc}`;
  return `block ${line.block}: ${place}: ${line.what}`;
}

export async function diff(cli: Cli, a: string, b: string): Promise<ExitStatus> {
  let isSame = true;
  for await (const one of diffDumps(await openDump(cli, a), await openDump(cli, b))) {
    isSame = false;
    cli.out.line(one, differenceText(one));
    await drained(cli);
  }
  return isSame ? exitStatus.done : exitStatus.doneWithErrors;
}

function differenceText(one: Difference): string {
  const title = one.title === null ? '' : ` ${JSON.stringify(one.title)}`;
  const page = one.pageId === null ? '' : ` page ${one.pageId}${title}`;
  const id = one.id === null ? '' : ` ${one.kind.startsWith('log') ? 'log item' : 'revision'} ${one.id}`;
  const revisions = one.revisions === null ? '' : `, ${one.revisions} revisions`;
  return `${one.kind}:${page}${page !== '' && id !== '' ? ',' : ''}${id}${revisions}`.replace(/:$/, '');
}

import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { blockCrcs, type CrcLine } from '../../files/block-crcs.ts';
import { type Difference, diffDumps } from '../../files/diff/diff-dumps.ts';
import { type LedgerFault, verifyAgainstLedger } from '../../files/verify-ledger.ts';
import type { Cli } from '../cli.ts';
import { drained, openDump, refuseTwiceStdin } from './file-tools.ts';

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
  refuseTwiceStdin([a, b]);
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

export interface VerifyOptions {
  readonly ledger: string;
}

export async function verify(cli: Cli, file: string, options: VerifyOptions): Promise<ExitStatus> {
  refuseTwiceStdin([file, options.ledger]);
  const faults = verifyAgainstLedger(await openDump(cli, file), await openDump(cli, options.ledger));
  for (;;) {
    const { value, done } = await faults.next();
    if (done === true) {
      const { faults: count, pages, revisions, wiki, date } = value;
      const whole = count === 0 ? 'it is as the ledger says' : `${count} pages are not as the ledger says`;
      cli.out.remark(`rota: ${file}: ${pages} pages, ${revisions} revisions; ${whole} (${wiki}, ${date})`);
      return count === 0 ? exitStatus.done : exitStatus.doneWithErrors;
    }
    cli.out.line(value, faultText(value));
    await drained(cli);
  }
}

function faultText(fault: LedgerFault): string {
  const { kind, pageId, ledgerRevisions, revisions } = fault;
  if (kind === 'missing') return `missing: page ${pageId}, ${ledgerRevisions} revisions`;
  if (kind === 'extra') return `extra: page ${pageId}, ${revisions} revisions`;
  const counts = ledgerRevisions === revisions ? '' : `: ${revisions} revisions, not ${ledgerRevisions}`;
  return `different: page ${pageId}${counts}`;
}

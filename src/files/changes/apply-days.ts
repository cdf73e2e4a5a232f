import { createHash } from 'node:crypto';
import { access, copyFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ApplyTotals, applyChanges, type UnequalPage } from '../../export/changes/apply-changes.ts';
import { dayFiles } from '../../export/changes/day-manifest.ts';
import { readChanges } from '../../export/changes/read-changes.ts';
import { openContainer, rawBytes } from '../../export/containers/read/open-container.ts';
import { readPlain } from '../../export/containers/read/plain.ts';
import { formatOfName, openWriter } from '../../export/containers/write/open-writer.ts';
import { openLedger } from '../../export/ledger/read-ledger.ts';
import {
  checkChain,
  checkFiles,
  type DayFolder,
  dayContent,
  filesOf,
  openDay,
  refuseAsOutput,
} from './open-day.ts';

export interface ApplyDaysOptions {
  readonly full: string;
  /** The full dump's; else the one beside it. */
  readonly ledger: string | null;
  /** As named, and resolved. */
  readonly days: readonly { readonly name: string; readonly folder: string }[];
  readonly output: string;
  readonly dryRun: boolean;
  readonly searchPath: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  onUnequal(page: UnequalPage): void;
  onProgress(totals: ApplyTotals): void;
}

/**
 * Brings a full dump up to date. The new file gets its own ledger beside it, so that it can be the full dump of the
 * next time.
 * @throws RotaError CHANGES_CHAIN_BROKEN, CHANGES_UNREADABLE, LEDGER_DAMAGED, and what reading and writing throw
 */
export async function applyDays(options: ApplyDaysOptions): Promise<ApplyTotals> {
  const { signal } = options;
  const fullLedger = options.ledger ?? (await findLedger(options.full));
  const days: DayFolder[] = [];
  for (const { name, folder } of options.days) days.push(await openDay(name, folder));
  const last = days.at(-1);
  if (last === undefined) throw new RotaError('USAGE', 'no day of changes was named');
  checkChain(days, await sha256Of(fullLedger, signal));
  refuseAsOutput(options.output, [options.full, fullLedger, ...days.flatMap(filesOf)]);
  for (const day of days) await checkFiles(day, signal);
  if (options.dryRun) return { pages: 0, revisions: 0, rawBytes: 0, unequal: 0 };
  const container = await openContainer(options.full, options);
  const target = await openLedger(await dayContent(last, dayFiles.ledger, options), last.name);
  await using writer = await openWriter(options.output, formatOfName(options.output), options);
  const totals = await applyChanges({
    full: { name: options.full, xml: rawBytes(container) },
    days: await Promise.all(
      days.map(async (day) => ({
        name: day.name,
        records: await readChanges(await dayContent(day, dayFiles.changes, options), day.name),
        xml: [
          await dayContent(day, dayFiles.increment, options),
          await dayContent(day, dayFiles.restored, options),
        ],
      })),
    ),
    target: target.entries(),
    signal,
    write: (bytes) => writer.write(bytes),
    onUnequal: options.onUnequal,
    onProgress: options.onProgress,
  });
  // That of an older dump of this name would say that this one is it.
  await rm(ledgerOf(options.output), { force: true });
  await writer.finish();
  if (totals.unequal === 0) await keepLedger(last, options.output);
  return totals;
}

/** `NAME.ledger.zst` beside what apply made, else the published dump's own. */
async function findLedger(full: string): Promise<string> {
  const own = ledgerOf(full);
  const prefix = /^(.+-\d{8})-/.exec(basename(full))?.[1];
  const published =
    prefix === undefined ? null : join(dirname(full), `${prefix}-pages-meta-history.ledger.zst`);
  for (const path of [own, published]) {
    if (path === null) continue;
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new RotaError(
    'CHANGES_CHAIN_BROKEN',
    `the ledger of ${full} is not beside it (${published ?? own}): fetch it, or name it with --ledger`,
  );
}

async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const { bytes } of readPlain({ path, fileBytes: 0 }, { signal })) hash.update(bytes);
  return hash.digest('hex');
}

function ledgerOf(dump: string): string {
  return `${dump}.ledger.zst`;
}

async function keepLedger({ folder, manifest }: DayFolder, output: string): Promise<void> {
  // Beside a device or a pipe nothing can lie.
  if (!(await stat(output)).isFile()) return;
  const path = ledgerOf(output);
  await copyFile(join(folder, `${manifest.wiki}-${manifest.date}-${dayFiles.ledger}`), `${path}.part`);
  await rename(`${path}.part`, path);
}

import { stat } from 'node:fs/promises';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import type { LedgerHead } from '../../../export/ledger/ledger-format.ts';
import { openLedger } from '../../../export/ledger/read-ledger.ts';
import { decodePublishedSet } from '../../../publish/publication/pointers.ts';
import type { DatedMark } from '../marks/marks.ts';
import type { ChangesContext } from '../services.ts';
import { type DayRecord, readDays } from './day-record.ts';
import { dueMark } from './due-mark.ts';

/** A state that a dump was made of before, and where its private ledger lies. */
export interface Base {
  readonly job: string;
  readonly date: string;
  readonly mark: number;
  readonly ledgerSha256: string;
  readonly statePath: string;
  /** The greatest log id when the state was read; null where nobody noted it. */
  readonly logs: number | null;
}

export type DayPlan =
  | { readonly kind: 'skip'; readonly reason: string }
  | {
      readonly kind: 'dump';
      readonly mark: DatedMark;
      /** Null where nothing was before: then the day is the baseline. */
      readonly previousMark: number | null;
      /** The first is the one that the day follows; the others are full dumps since. */
      readonly bases: readonly Base[];
    };

/**
 * What the day leads on from. The day before is the newest that was published, whatever was missed between, so that no
 * revision is lost; full dumps made since are compared with, too, so that the days also lead on from them.
 */
export async function planDay(context: ChangesContext): Promise<DayPlan> {
  const { services, run, clock } = context;
  const { settings } = services.farm.jobs.changes;
  const mark = await dueMark(services.records, {
    ...{ wiki: run.subject, date: run.date, delayMs: settings.delayMs },
    now: clock.now(),
  });
  const days = await readDays(services.records, run.subject);
  const later = days.find((day) => day.manifest.date > run.date);
  if (later !== undefined) {
    return {
      kind: 'skip',
      reason: `its revisions are in the day ${later.manifest.date}, which is published`,
    };
  }
  const before = days.findLast((day) => day.manifest.date < run.date);
  const isExact = settings.exact !== 'off';
  const fulls = isExact || before === undefined ? await fullDumps(context) : [];
  const usable = fulls.filter((full) => full.mark <= mark.revisionId);
  if (before === undefined) {
    const full = usable.at(-1);
    if (full === undefined) return { kind: 'dump', mark, previousMark: null, bases: [] };
    return { kind: 'dump', mark, previousMark: full.mark, bases: isExact ? [full] : [] };
  }
  const used = new Set(days.flatMap((day) => day.manifest.bases.map((base) => base.ledgerSha256)));
  const own = isExact ? await dayBase(context, before) : null;
  return {
    kind: 'dump',
    mark,
    previousMark: before.manifest.mark.revisionId,
    bases: [...(own === null ? [] : [own]), ...usable.filter((full) => !used.has(full.ledgerSha256))],
  };
}

async function dayBase(context: ChangesContext, day: DayRecord): Promise<Base | null> {
  const { trees } = context.services;
  const { wiki, date, mark, ledger } = day.manifest;
  const state = day.files.find((file) => file.audience === 'private');
  if (ledger === null || state === undefined) return null;
  const statePath = trees.private.file(wiki, date, state.name);
  if (!(await isThere(statePath))) return null;
  const { logs = null } = await ledgerHead(context, statePath);
  return { job: context.run.job, date, mark: mark.revisionId, ledgerSha256: ledger.sha256, statePath, logs };
}

/** The published full dumps that have ledgers, by date. */
async function fullDumps(context: ChangesContext): Promise<Base[]> {
  const { records, farmTrees } = context.services;
  const wiki = context.run.subject;
  const prefix = `publication/full-dump/${wiki}/`;
  const bases: Base[] = [];
  for (const { key, value } of await records.listPointers({ prefix })) {
    if (typeof value !== 'string') continue;
    const date = key.slice(prefix.length).split('/')[0] ?? '';
    const { files } = decodePublishedSet(key, value);
    const ledger = files.find((file) => file.name === `${wiki}-${date}-pages-meta-history.ledger.zst`);
    const state = files.find((file) => file.name === `${wiki}-${date}-pages-meta-history.state.zst`);
    if (ledger === undefined || state === undefined) continue;
    const statePath = farmTrees.private.file(wiki, date, state.name);
    if (!(await isThere(statePath))) continue;
    const { mark, logs = null } = await ledgerHead(context, statePath);
    bases.push({ job: 'full-dump', date, mark, ledgerSha256: ledger.digest.sha256, statePath, logs });
  }
  return bases.sort((a, b) => (a.date < b.date ? -1 : 1));
}

async function ledgerHead(context: ChangesContext, path: string): Promise<LedgerHead> {
  const { signal, services } = context;
  const chunks = rawBytes(await openContainer(path, { signal, searchPath: services.searchPath }));
  const { head } = await openLedger(chunks, path);
  await chunks.return();
  return head;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

import { existsSync } from 'node:fs';
import { dueOn } from '../../../dumping/ledger/hints/hinted-pages.ts';
import { LedgerCursor } from '../../../dumping/ledger/ledger-cursor.ts';
import type { StateOrigin } from '../../../dumping/ledger/ledger-pair.ts';
import type { WikiReading } from '../../../dumping/wiki-access.ts';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import type { LedgerHead } from '../../../export/ledger/ledger-format.ts';
import { openLedger } from '../../../export/ledger/read-ledger.ts';
import type { WriterOptions } from '../../../export/writer/options.ts';
import { greatestPageId } from '../../../mediawiki/metadata/read-page-touches.ts';
import type { DayPlan } from '../day/plan-day.ts';
import type { ChangesContext } from '../services.ts';
import type { HintedReading } from './read-pages-of-state.ts';

export interface HintsQuestion {
  readonly reading: WikiReading;
  readonly plan: Extract<DayPlan, { kind: 'dump' }>;
  readonly writer: WriterOptions;
  readonly origin: StateOrigin;
  readonly bases: readonly LedgerCursor[];
  readonly again: boolean;
  /** The ledger of the day's earlier reading. */
  readonly previousFile: string;
}

export type HintsStart = Omit<HintedReading, 'comparison' | 'bases' | 'renamed' | 'siteInfo'> & {
  readonly compared: 'state' | 'log-hints';
};

/**
 * From which state on hints are enough; null where all pages have to be read: because it is wanted so, or there is no
 * state to begin with, or one of before another head of the XML, on which every page may depend.
 */
export async function startOfHints(
  context: ChangesContext,
  question: HintsQuestion,
): Promise<HintsStart | null> {
  const { bases, again, previousFile, plan, reading, origin, writer } = question;
  const { exact } = context.services.farm.jobs.changes.settings;
  const compared = exact === 'log-hints' ? exact : 'state';
  if (bases.length === 0) return null;
  const startOf = ({ takenAt, logs, site, schema, users }: LedgerHead) =>
    takenAt !== undefined &&
    logs !== undefined &&
    site === origin.site &&
    schema === writer.schema &&
    users === true
      ? { takenAt: new Date(takenAt), logs }
      : null;
  if (again && existsSync(previousFile)) {
    const reference = await openState(context, previousFile);
    const start = startOf(reference.head);
    // Revisions up to the mark were there already; later ones are of another day.
    if (start !== null)
      return { ...start, reference, after: plan.mark.revisionId, compared, isDue: () => false };
    await reference[Symbol.asyncDispose]();
  }
  const [reference] = bases;
  if (exact !== 'log-hints' || reference === undefined) return null;
  const { mark } = reference.head;
  const start = startOf(reference.head);
  if (start === null) {
    context.log.info(
      { base: reference.head.date },
      'the state of before cannot be hinted from (other siteinfo, or made by an older Rota): all pages are compared',
    );
    return null;
  }
  const { connection, schema } = reading;
  const greatest = await greatestPageId(connection, schema, context.signal);
  return {
    ...start,
    ...{ reference, compared },
    after: Math.min(mark, plan.previousMark ?? mark),
    isDue: dueOn(context.run.date, greatest),
  };
}

/** A private ledger of a state; stands before its users. */
export async function openState(context: ChangesContext, path: string): Promise<LedgerCursor> {
  const { signal, services } = context;
  const container = await openContainer(path, { signal, searchPath: services.searchPath });
  return LedgerCursor.of(await openLedger(rawBytes(container), path));
}

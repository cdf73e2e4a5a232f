import type { Clock } from '../../core/clock.ts';
import { readPublishedDates } from '../listing/published-dates.ts';
import { linkLeaseName } from '../publication/pointers.ts';
import type { LinkLease } from '../publication/publication-store.ts';
import type { Publisher } from '../publication/publisher.ts';
import type { Trees } from '../workspace/tree.ts';
import { planRetention } from './plan-retention.ts';
import { removeDate, sweepTrash } from './remove-date.ts';

export interface RetentionParts {
  readonly trees: Trees;
  readonly publisher: Pick<Publisher, 'readLatest'>;
  readonly lease: LinkLease;
  readonly clock: Clock;
}

export interface RetentionOrder {
  readonly job: string;
  readonly wiki: string;
  /** Complete dates to keep; at least one always stays. */
  readonly keep: number;
  /** The sets that `latest` may name. */
  readonly sets: readonly string[];
  /** Dates whose runs are not at their end (also held ones). */
  readonly unfinished: ReadonlySet<string>;
  /** Takes the date's publication pointers out of the store. */
  readonly forget: (date: string) => Promise<void>;
}

/** Classes of status.html under which a dump has ended by itself. */
const ended = new Set(['done', 'done failed', 'partial-dump']);

/** Removes the dates of a wiki that are too many, and what an earlier removal left; gives the removed dates. */
export async function applyRetention(
  parts: RetentionParts,
  order: RetentionOrder,
): Promise<readonly string[]> {
  const { trees, lease, clock } = parts;
  return await lease.hold(linkLeaseName(order), async () => {
    const complete = new Map<string, boolean>();
    for (const tree of [trees.public, trees.private]) {
      await sweepTrash(tree, order.wiki);
      for (const { date, status } of await readPublishedDates(tree, order.wiki)) {
        const isComplete = status !== null && ended.has(status.label.className);
        complete.set(date, isComplete || (complete.get(date) ?? false));
      }
    }
    const named = await namedByLatest(parts, order);
    const remove = planRetention({
      dates: [...complete].map(([date, isComplete]) => ({ date, complete: isComplete })),
      keep: order.keep,
      inUse: new Set([...order.unfinished, ...named.now]),
      leftAt: named.leftAt,
      now: clock.now(),
    });
    for (const date of remove) await removeDate(trees, order.wiki, date, () => order.forget(date));
    return remove;
  });
}

async function namedByLatest(parts: RetentionParts, order: RetentionOrder) {
  const now = new Set<string>();
  const leftAt = new Map<string, Date>();
  for (const set of order.sets) {
    const latest = await parts.publisher.readLatest({ job: order.job, wiki: order.wiki, set });
    if (latest === null) continue;
    now.add(latest.date);
    if (latest.before === null) continue;
    const at = new Date(latest.movedAt);
    const known = leftAt.get(latest.before.date);
    if (known === undefined || known < at) leftAt.set(latest.before.date, at);
  }
  return { now, leftAt };
}

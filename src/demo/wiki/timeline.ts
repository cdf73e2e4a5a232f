import type { Random } from '../../core/random.ts';
import type { PagePlan } from './page-plan.ts';

/** What happens when; the arrays run in parallel and are in order of time. Takes about 13 bytes an event. */
export interface Timeline {
  /** Seconds since 1970. */
  readonly times: Float64Array;
  /** Index of the page. */
  readonly pages: Uint32Array;
}

/**
 * One event for each revision, and one for the end of a page that does not simply go on. An imported page is one event.
 * Most edits come soon after a page is made.
 */
export function makeTimeline(plans: readonly PagePlan[], random: Random): Timeline {
  let count = 0;
  for (const plan of plans) count += eventsOf(plan);
  const times = new Float64Array(count);
  const pages = new Uint32Array(count);
  let at = 0;
  plans.forEach((plan, page) => {
    const span = plan.endsAt - plan.createdAt;
    const events = eventsOf(plan);
    for (let event = 0; event < events; event += 1) {
      pages[at] = page;
      times[at] = Math.floor(plan.createdAt + (event === 0 ? 0 : span * random.float() ** 1.9));
      at += 1;
    }
  });
  const order = new Uint32Array(count).map((_, index) => index);
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  return {
    times: Float64Array.from(order, (index) => times[index] ?? 0),
    pages: Uint32Array.from(order, (index) => pages[index] ?? 0),
  };
}

/** How often a page comes up in the timeline. */
export function eventsOf(plan: PagePlan): number {
  return (plan.imported ? 1 : plan.revisions) + (plan.fate === 'kept' ? 0 : 1);
}

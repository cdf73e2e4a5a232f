import type { Clock } from '../../../core/clock.ts';
import type { ClaimedRun, ClaimNext } from '../run-store.ts';
import { skipRun, tryToClaim } from './claim-run.ts';
import type { Connection } from './connection.ts';
import { type Candidate, findCandidates, lookAround } from './find-candidates.ts';
import { SpareLease } from './grant-lease.ts';
import { stopRuns } from './sweep-runs.ts';
import { beforeNextTry } from './transaction.ts';

/** Three requests, one after the other, where the first run in turn can be had: a look, its records, the claim. */
export async function claimNextRun(
  db: Connection,
  p: ClaimNext,
  rivals: Rivals,
): Promise<ClaimedRun | undefined> {
  await using spare = new SpareLease(db, p.leaseMs);
  for (let tries = 1; ; tries++) {
    const claimed = await lookAndClaim(db, p, spare, rivals);
    if (claimed !== 'lost') return claimed;
    rivals.lost();
    await beforeNextTry(tries);
  }
}

/** Lost: another was faster, so what was seen here is of no use. */
async function lookAndClaim(
  db: Connection,
  p: ClaimNext,
  spare: SpareLease,
  rivals: Rivals,
): Promise<ClaimedRun | undefined | 'lost'> {
  let look = await lookAround(db, p);
  if (look.expired.length > 0) {
    await stopRuns(db, look.expired);
    look = await lookAround(db, p);
  }
  for await (const candidate of spread(findCandidates(db, p, look), rivals.count)) {
    if (candidate.givesWay) await skipRun(db, candidate.id, p, 'too old to be taken up beside a newer date');
    else {
      const outcome = await tryToClaim(db, { ...p, id: candidate.id }, spare, look.known);
      if ('run' in outcome) {
        rivals.won();
        return outcome;
      }
      if ('isLost' in outcome) return 'lost';
    }
  }
  return undefined;
}

/** The first one and as many more as there are rivals in any order, then the others in theirs. */
async function* spread(candidates: AsyncGenerator<Candidate>, rivals: number): AsyncGenerator<Candidate> {
  const first: Candidate[] = [];
  while (rivals > 0 && first.length <= rivals) {
    const { value, done } = await candidates.next();
    if (done) break;
    first.push(value);
  }
  while (first.length > 0) yield* first.splice(Math.floor(Math.random() * first.length), 1);
  yield* candidates;
}

/** Others that want the same run at the same moment go to it in vain, again and again, unless each takes another. */
const mostRivals = 8;
const rivalsForMs = 1_000;

/**
 * How many others seem to claim at this moment: more with each run that another took first, fewer with each that was
 * had. Without any lately, runs go strictly in their order.
 */
export class Rivals {
  readonly #clock: Clock;
  #count = 0;
  #lostMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  lost(): void {
    this.#count = Math.min(mostRivals, 2 * this.count + 1);
    this.#lostMs = this.#clock.monotonicMs();
  }

  won(): void {
    this.#count = Math.max(0, this.#count - 0.25);
  }

  get count(): number {
    return this.#clock.monotonicMs() - this.#lostMs < rivalsForMs ? Math.ceil(this.#count) : 0;
  }
}

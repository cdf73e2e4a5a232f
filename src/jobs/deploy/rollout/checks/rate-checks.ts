import type { DeployCheck, LogProbe, MetricProbe } from '../../../../config/environment-checks-config.ts';
import type { TargetHost } from '../../../../config/environment-config.ts';
import type { DeployContext } from '../../stages/deploy-stage.ts';
import { logSample, parseLogSample } from '../../target/programs/log-sample.ts';
import { judgeLog, judgeMetric, type LogRate, type RateVerdict } from './judge-rate.ts';
import type { Look, Looks } from './look.ts';
import { queryMetric } from './query-metric.ts';

type RateCheck = DeployCheck & { readonly probe: LogProbe | MetricProbe };

/** So many hosts that were not switched yet are compared with. */
const othersAsked = 5;

/**
 * Checks of what logs and metrics say. They look at a host when the deployment begins, right before its switch, and for a
 * while after it, together with hosts that serve what was before. Memory: a few numbers a host and check.
 */
export class RateChecks {
  readonly #begun: Looks['begun'];
  readonly #past: Looks['past'];

  constructor({ begun, past }: Looks) {
    this.#begun = begun;
    this.#past = past;
  }

  /** Looks at hosts for the first time. */
  async begin(context: DeployContext, hosts: readonly TargetHost[]): Promise<void> {
    await this.#each(context, hosts, rateChecks(context), async (host, check) => {
      this.#begun.set(keyOf(host, check), await look(context, host, check, null));
    });
  }

  /** What hosts said until now is their past. */
  async beforeSwitch(context: DeployContext, hosts: readonly TargetHost[], group: string): Promise<void> {
    await this.#each(context, hosts, ofGroup(context, group), async (host, check) => {
      const begun = this.#begun.get(keyOf(host, check)) ?? null;
      const now = await look(context, host, check, begun);
      this.#past.set(keyOf(host, check), { ...now, rate: begun === null ? null : rateOf(begun, now) });
    });
  }

  /** Watches hosts that were switched; what is found is told by host and check. */
  async afterSwitch(
    context: DeployContext,
    p: {
      readonly hosts: readonly TargetHost[];
      readonly others: readonly TargetHost[];
      readonly group: string;
    },
    tell: (host: TargetHost, check: DeployCheck, found: Exclude<RateVerdict, { verdict: 'well' }>) => void,
  ): Promise<void> {
    const checks = ofGroup(context, p.group);
    if (checks.length === 0 || p.hosts.length === 0) return;
    const others = p.others.slice(0, othersAsked);
    const all = [...p.hosts, ...others];
    const first = await this.#look(context, all, checks, () => null);
    const { stage } = context;
    const longest = Math.max(...checks.map((check) => check.probe.windowMs));
    await stage.clock.sleep(longest, AbortSignal.any([stage.signal, stage.stopping]));
    const last = await this.#look(context, all, checks, (key) => first.get(key) ?? null);
    for (const host of p.hosts) {
      for (const check of checks) {
        const verdict = this.#judge(host, check, others, first, last);
        if (verdict !== null && verdict.verdict !== 'well') tell(host, check, verdict);
      }
    }
  }

  #judge(
    host: TargetHost,
    check: RateCheck,
    others: readonly TargetHost[],
    first: ReadonlyMap<string, Look>,
    last: ReadonlyMap<string, Look>,
  ): RateVerdict | null {
    const { probe } = check;
    const key = keyOf(host, check);
    const now = last.get(key);
    if (now === undefined) return unasked(check);
    const theirs = others.map((other) => keyOf(other, check));
    const past = this.#past.get(key);
    if (probe.kind === 'metric') {
      const values = theirs.map((one) => last.get(one)?.metric ?? null);
      return judgeMetric(probe, now.metric ?? null, past?.metric ?? null, values);
    }
    const rate = rateOf(first.get(key), now);
    if (rate === null) return unasked(check);
    const rates = theirs.map((one) => rateOf(first.get(one), last.get(one))).filter((one) => one !== null);
    return judgeLog(probe, rate, past?.rate ?? null, rates);
  }

  async #look(
    context: DeployContext,
    hosts: readonly TargetHost[],
    checks: readonly RateCheck[],
    since: (key: string) => Look | null,
  ): Promise<ReadonlyMap<string, Look>> {
    const looks = new Map<string, Look>();
    await this.#each(context, hosts, checks, async (host, check) => {
      const key = keyOf(host, check);
      looks.set(key, await look(context, host, check, since(key)));
    });
    return looks;
  }

  /** A look that fails is missing, which is no fault of the version's. */
  async #each(
    context: DeployContext,
    hosts: readonly TargetHost[],
    checks: readonly RateCheck[],
    work: (host: TargetHost, check: RateCheck) => Promise<void>,
  ): Promise<void> {
    if (checks.length === 0) return;
    const { stage, fleet } = context;
    const outcomes = await fleet.each(
      hosts,
      async (host) => {
        const ends = await Promise.allSettled(checks.map((check) => work(host, check)));
        for (const end of ends) if (end.status === 'rejected') throw end.reason;
      },
      { signal: stage.signal },
    );
    for (const outcome of outcomes) {
      if (!outcome.ok)
        stage.log.warn({ host: outcome.host.name, err: outcome.error }, 'a host could not be watched');
    }
  }
}

function rateChecks({ environment }: DeployContext): readonly RateCheck[] {
  return environment.checks.filter(
    (check): check is RateCheck => check.probe.kind === 'log' || check.probe.kind === 'metric',
  );
}

function ofGroup(context: DeployContext, group: string): readonly RateCheck[] {
  return rateChecks(context).filter((check) => check.groups === null || check.groups.includes(group));
}

async function look(
  context: DeployContext,
  host: TargetHost,
  { probe, timeoutMs }: RateCheck,
  since: Look | null,
): Promise<Look> {
  const { stage, fleet } = context;
  const atMs = stage.clock.monotonicMs();
  if (probe.kind === 'metric') {
    const signal = AbortSignal.any([stage.signal, AbortSignal.timeout(timeoutMs)]);
    return { atMs, metric: await queryMetric(probe, { host: host.name, version: '' }, signal) };
  }
  const { pattern } = probe;
  const file = `${host.root}${probe.file}`;
  const program = logSample({ file, pattern, since: since?.log ?? null, deadlineMs: timeoutMs });
  return { atMs, log: parseLogSample((await fleet.run(host, program, stage.signal)).stdout) };
}

/** What could not be looked at is a fault only where that is asked for. */
function unasked({ onError }: RateCheck): RateVerdict | null {
  return onError === 'fail' ? { verdict: 'bad', why: 'could not be asked' } : null;
}

function rateOf(from: Look | undefined, to: Look | undefined): LogRate | null {
  if (from?.log === undefined || to?.log === undefined) return null;
  const { lines, matches } = to.log;
  return { lines, matches, seconds: (to.atMs - from.atMs) / 1000 };
}

function keyOf(host: TargetHost, check: DeployCheck): string {
  return `${check.name}\0${host.name}`;
}

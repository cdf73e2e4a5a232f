import { resolve } from 'node:path';
import type * as z from 'zod';
import type { Secret } from '../../core/secret.ts';
import {
  defaultTags,
  type PhabricatorConfig,
  type PhabricatorLoadJob,
  type ReportJob,
  type TrackerSourceConfig,
} from '../phabricator-config.ts';
import { type phabricator, phabricatorLoadJob, reportJob } from '../schema/phabricator.ts';
import { isHttpUrl } from '../schema/values.ts';
import { type Complete, complete } from './complete.ts';
import { resolveDatabase, warnOfPasswordInUrl } from './database.ts';
import type { Report } from './report.ts';
import { resolveSchedule } from './schedule.ts';
import type { SecretReader } from './secrets.ts';
import { resolveTls } from './tls.ts';

type Parsed = z.output<typeof phabricator>;

interface Context {
  readonly folder: string;
  readonly report: Report;
  readonly secrets: SecretReader;
}

export function resolvePhabricator(parsed: Parsed | undefined, context: Context): PhabricatorConfig | null {
  if (parsed === undefined) return null;
  const source = resolveSource(parsed, context);
  if (source === null) return null;
  return {
    name: parsed.name ?? 'phabricator',
    url: parsed.url?.replace(/\/+$/, '') ?? null,
    source,
    tags: { ...defaultTags, ...withoutUndefined(parsed.tags ?? {}) },
    tolerance: parsed.tolerance ?? 100,
    shrinkGuard: parsed.shrinkGuard === undefined ? 0.05 : parsed.shrinkGuard,
  };
}

function resolveSource(parsed: Parsed, { folder, report, secrets }: Context): TrackerSourceConfig | null {
  const given = (['dump', 'database', 'conduit'] as const).filter((key) => parsed[key] !== undefined);
  if (given.length !== 1) {
    report.fault(['phabricator', given[1] ?? 'dump'], 'give one source: dump, database or conduit');
    return null;
  }
  if (parsed.dump !== undefined) {
    if (isHttpUrl(parsed.dump)) return { kind: 'dump-url', url: parsed.dump };
    return { kind: 'dump-file', file: resolve(folder, parsed.dump) };
  }
  const isAll = parsed.visibility === 'all';
  if (parsed.database !== undefined) {
    const path = ['phabricator', 'database'];
    warnOfPasswordInUrl(parsed.database, path, report);
    const password = readSecret(secrets, parsed.passwordFile, undefined, 'passwordFile', 'passwordFile');
    const tls = resolveTls(parsed.database, undefined, { wiki: '', folder, report, path, fallback: null });
    const address = resolveDatabase(parsed.database, '', folder, password, tls);
    if (address.kind === 'mysql') return { kind: 'database', address, prefix: address.database, isAll };
    report.fault(path, 'expected a MariaDB or MySQL server: mysql://user@host/phabricator');
    return null;
  }
  const token = readSecret(secrets, parsed.tokenFile, parsed.tokenVariable, 'tokenFile', 'tokenVariable');
  if (token === null) {
    if (parsed.tokenFile === undefined && parsed.tokenVariable === undefined) {
      report.fault(['phabricator', 'conduit'], 'the API wants a token: name its file with tokenFile');
    }
    return null;
  }
  const url = (parsed.conduit ?? '').replace(/\/+$/, '');
  return {
    kind: 'conduit',
    url,
    token,
    requestsPerSecond: parsed.requestsPerSecond ?? 2,
    isSearched: parsed.transactionSearch ?? false,
    isAll,
  };
}

function readSecret(
  secrets: SecretReader,
  file: string | undefined,
  variable: string | undefined,
  fileKey: string,
  variableKey: string,
): Secret | null {
  return secrets.read({
    file,
    variable,
    filePath: ['phabricator', fileKey],
    variablePath: ['phabricator', variableKey],
  });
}

/** A job that rota.yaml does not name is there to be run by hand. */
export function resolveLoadJob(given: z.output<typeof phabricatorLoadJob> | undefined): PhabricatorLoadJob {
  const job = complete<Complete<z.output<typeof phabricatorLoadJob>>>(phabricatorLoadJob, given);
  return {
    ...resolveSchedule(job),
    slots: job.slots,
    keep: job.keep,
    waitForMs: job.waitFor,
    pollEveryMs: job.pollEvery,
    deadlineMs: job.deadline,
  };
}

export function resolveReportJob(given: z.output<typeof reportJob> | undefined): ReportJob {
  const job = complete<Complete<z.output<typeof reportJob>>>(reportJob, given);
  return {
    ...resolveSchedule(job),
    slots: job.slots,
    keep: job.keep,
    qualityGuard: job.qualityGuard,
    heldForMs: job.heldFor,
    deadlineMs: job.deadline,
  };
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

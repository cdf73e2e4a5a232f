import { dirname, resolve } from 'node:path';
import type { FarmConfig, WikiConfig } from '../farm-config.ts';
import type { ParsedFarm } from '../schema/farm.ts';
import { resolveAlerts } from './alerts.ts';
import { resolveChanges } from './changes.ts';
import { resolveEnvironment } from './environment.ts';
import { completeFullDumpJob, resolveFullDumpJob, resolveFullDumpSettings } from './full-dump.ts';
import { checkPlaces, resolveOutput } from './output.ts';
import { resolveLoadJob, resolvePhabricator, resolveReportJob } from './phabricator.ts';
import type { Report } from './report.ts';
import { resolveGroups, resolveScopeFiles, resolveScopes } from './scopes.ts';
import { SecretReader } from './secrets.ts';
import { resolveStore } from './store.ts';
import { resolveWiki } from './wiki.ts';

export interface ResolveOptions {
  /** Absolute path of rota.yaml. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `threads` is where nobody says otherwise. */
  readonly cores: number;
  readonly report: Report;
}

/** What the file says, made whole. Whatever does not fit together is reported; the result then is not to be used. */
export function resolveFarm(parsed: ParsedFarm, options: ResolveOptions): FarmConfig {
  const { file, env, cores, report } = options;
  const folder = dirname(file);
  const secrets = new SecretReader(folder, env, report);
  const job = completeFullDumpJob(parsed.jobs?.['full-dump']);
  const slots = new Map(Object.entries(parsed.slots ?? {}));
  const wikis = new Map<string, WikiConfig>();
  const context = {
    folder,
    report,
    secrets,
    defaults: parsed.wikiDefaults ?? {},
    slotNames: [...slots.keys()],
    fullDump: job,
    cores,
  };
  for (const [name, given] of Object.entries(parsed.wikis)) {
    const wiki = resolveWiki(name, given, context);
    if (wiki !== null) wikis.set(name, wiki);
  }
  const others = [parsed.phabricator, parsed.environments];
  if (Object.keys(parsed.wikis).length === 0 && others.every((other) => other === undefined)) {
    report.warn(['wikis'], 'no wiki is described');
  }
  const settings = resolveFullDumpSettings(job, { report, path: ['jobs', 'full-dump'], cores });
  const scopeFiles = resolveScopeFiles(parsed.scopeFiles, folder);
  const { scopes, sources: scopeSources } = resolveScopes(parsed.scopes, scopeFiles, { folder, report });
  const alerts = resolveAlerts(parsed.alerts, { folder, secrets, report });
  const config: FarmConfig = {
    file,
    folder,
    name: parsed.name ?? 'Rota',
    output: resolveOutput(parsed.output, folder),
    store: resolveStore(parsed.store, { folder, secrets, report }),
    lease: { durationMs: parsed.lease?.duration ?? 30_000, renewEveryMs: parsed.lease?.renewEvery ?? 10_000 },
    monitor: { everyMs: parsed.monitor?.every ?? 15_000 },
    slots,
    web: {
      rootUrl: parsed.web?.root ?? null,
      listen: parsed.web?.listen ?? null,
      hosts: parsed.web?.hosts ?? [],
    },
    signingKey: parsed.signingKey === undefined ? null : resolve(folder, parsed.signingKey),
    alerts,
    log: {
      level: parsed.log?.level ?? 'info',
      file: parsed.log?.file === undefined ? null : resolve(folder, parsed.log.file),
    },
    wikis,
    environments: new Map(
      Object.entries(parsed.environments ?? {}).map(([name, given]) => [
        name,
        resolveEnvironment(name, given, { folder, secrets, report, mail: alerts.mail }),
      ]),
    ),
    phabricator: resolvePhabricator(parsed.phabricator, { folder, report, secrets }),
    scopes,
    scopeSources,
    scopeFiles,
    groups: resolveGroups(parsed.groups, scopes, report),
    jobs: {
      fullDump: resolveFullDumpJob(job, settings),
      phabricatorLoad: resolveLoadJob(parsed.jobs?.['phabricator-load']),
      report: resolveReportJob(parsed.jobs?.report),
      changes: resolveChanges(parsed.jobs, { report, cores }),
    },
  };
  checkPlaces(config, secrets.files, report);
  checkTimes(config, report);
  return config;
}

function checkTimes(config: FarmConfig, report: Report): void {
  const { durationMs, renewEveryMs } = config.lease;
  // Two renewals may be lost on the way before the holder has to stop itself at two thirds of the lease.
  if (renewEveryMs === 0 || renewEveryMs * 3 > durationMs) {
    report.fault(
      report.document.has(['lease', 'renewEvery']) ? ['lease', 'renewEvery'] : ['lease', 'duration'],
      'a lease must last at least three times as long as the time between its renewals',
    );
  }
  if (config.monitor.everyMs === 0) report.fault(['monitor', 'every'], 'this must be more than nothing');
}

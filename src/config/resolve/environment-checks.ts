import { resolve } from 'node:path';
import type * as z from 'zod';
import { nearest } from '../../core/nearest.ts';
import type { DeployCheck, Probe } from '../environment-checks-config.ts';
import type { Path } from '../faults/document.ts';
import type { deployCheck } from '../schema/environment-checks.ts';
import type { Report } from './report.ts';

type Parsed = z.output<typeof deployCheck>;

const kinds = ['command', 'script', 'url', 'log', 'metric', 'class'] as const;

export function resolveCheck(
  given: Parsed,
  groups: readonly { readonly name: string }[],
  at: Path,
  { folder, report }: { readonly folder: string; readonly report: Report },
): DeployCheck {
  const named = kinds.filter((kind) => given[kind] !== undefined);
  if (named.length !== 1) report.fault(at, `a check has one of ${kinds.join(', ')}`);
  if (given.metric !== undefined && given.metric.max === undefined && given.metric.factor === undefined)
    report.fault([...at, 'metric'], 'a metric has max, factor or both');
  if (given.url !== undefined && given.onError !== undefined)
    report.fault([...at, 'onError'], 'an address that does not answer has failed: leave out onError');
  const names = groups.map((group) => group.name);
  for (const group of given.groups ?? []) {
    if (!names.includes(group))
      report.fault([...at, 'groups'], `there is no group "${group}"`, nearest(group, names));
  }
  return {
    name: given.name,
    probe: probeOf(given, folder),
    on: given.on ?? 'host',
    user: given.user ?? null,
    timeoutMs: given.timeout ?? 30_000,
    tries: given.tries ?? 1,
    severity: given.severity ?? 'fail',
    onError: given.onError ?? (given.log === undefined && given.metric === undefined ? 'fail' : 'warn'),
    groups: given.groups ?? null,
  };
}

function probeOf(given: Parsed, folder: string): Probe {
  const { script, url, log, metric } = given;
  if (script !== undefined) return { kind: 'script', file: resolve(folder, script) };
  if (url !== undefined)
    return { kind: 'http', url, status: given.status ?? 200, contains: given.contains ?? null };
  if (given.class !== undefined) return { kind: 'class', module: resolve(folder, given.class) };
  if (log !== undefined) {
    return {
      kind: 'log',
      file: log.file,
      pattern: log.pattern,
      windowMs: log.window ?? 20_000,
      limit: log.limit ?? 0,
      factor: log.factor ?? 2,
      minimumLines: log.minimum ?? 100,
    };
  }
  if (metric !== undefined) {
    return {
      kind: 'metric',
      url: metric.url,
      query: metric.query,
      windowMs: metric.window ?? 20_000,
      max: metric.max ?? null,
      factor: metric.factor ?? null,
    };
  }
  return { kind: 'command', command: given.command ?? 'false' };
}

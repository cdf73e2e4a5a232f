import { resolve } from 'node:path';
import type * as z from 'zod';
import { type RecipeSettings, type ReplaceablePart, replaceableParts } from '../environment-recipe-config.ts';
import type { Path } from '../faults/document.ts';
import type { environment } from '../schema/environment.ts';
import type { Report } from './report.ts';

type Parsed = z.output<typeof environment>;

export function resolveRecipe(
  given: Parsed,
  at: Path,
  { folder, report }: { readonly folder: string; readonly report: Report },
): RecipeSettings {
  const kind = given.kind ?? 'plain';
  for (const key of ['php', 'localisation'] as const) {
    if (given[key] !== undefined && kind !== 'mediawiki')
      report.fault([...at, key], `only an environment with kind: mediawiki has ${key}`);
  }
  if (given.php !== undefined && given.restart !== undefined)
    report.fault([...at, 'restart'], 'php says how hosts are restarted; give one of both');
  if (given.php?.strategy === 'reset' && given.php.resetUrl === undefined)
    report.fault([...at, 'php'], 'the strategy reset needs resetUrl');
  const modules: Partial<Record<ReplaceablePart, string>> = {};
  for (const part of replaceableParts) {
    const file = given.stages?.[part];
    if (file !== undefined) modules[part] = resolve(folder, file);
  }
  return {
    kind,
    modules,
    php: phpOf(given.php),
    localisation: localisationOf(given.localisation, [...at, 'localisation'], report),
    warmup: given.warmup ?? [],
  };
}

function phpOf(php: Parsed['php']): RecipeSettings['php'] {
  if (php === undefined) return null;
  const service = php.service ?? 'php8.2-fpm';
  return {
    strategy: php.strategy,
    command: php.command ?? `sudo -n systemctl ${php.strategy} ${shellQuoted(service)}`,
    service:
      php.command === undefined && (php.strategy === 'restart' || php.strategy === 'reload') ? service : null,
    // Debian calls the unit php8.2-fpm and the program php-fpm8.2.
    fpm: php.fpm ?? service.replace(/^php([0-9.]+)-fpm$/, 'php-fpm$1'),
    fpmConfig: php.fpmConfig ?? null,
    resetUrl: php.resetUrl ?? null,
    versionUrl: php.versionUrl ?? null,
    confirmations: php.confirmations ?? 10,
    timeoutMs: php.timeout ?? 60_000,
  };
}

/** Their paths stand in lists that shells on hosts read. */
const plainRoot = /^(?:\.|[A-Za-z0-9_@+-][A-Za-z0-9_.@+-]*(?:\/[A-Za-z0-9_@+-][A-Za-z0-9_.@+-]*)*)$/;

function localisationOf(
  given: Parsed['localisation'],
  at: Path,
  report: Report,
): RecipeSettings['localisation'] {
  if (given === undefined) return null;
  const odd = (given.roots ?? []).find((root) => !plainRoot.test(root));
  if (given.store === 'cdb' && odd !== undefined)
    report.fault(
      [...at, 'roots'],
      `with store: cdb, ${JSON.stringify(odd)} must be "." or a path of plain letters`,
    );
  return {
    roots: given.roots ?? ['.'],
    settings: given.settings ?? 'LocalSettings.php',
    php: given.php ?? 'php',
    store: given.store ?? 'static-array',
    hostPhp: given.hostPhp ?? 'php',
    languages: given.languages ?? null,
    threads: given.threads ?? 1,
    timeoutMs: given.timeout ?? 3_600_000,
  };
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

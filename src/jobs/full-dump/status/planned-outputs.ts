import { dumpOutputs } from '../../../publish/dump-catalogue/dump-catalogue.ts';
import type { DumpOutput } from '../../../publish/dump-catalogue/dump-output.ts';
import { tableOutput } from '../../../publish/dump-catalogue/table-outputs.ts';
import { contentOutputs } from '../content/lanes.ts';
import type { PreflightSummary } from '../preflight-summary.ts';
import type { StatusContext } from '../run-folder.ts';
import { wikiOf } from '../services.ts';

/** Every public output that the run will have, in the catalogue's order; tables as preflight found them. */
export async function plannedOutputs(context: StatusContext): Promise<readonly DumpOutput[]> {
  const wiki = wikiOf(context.services, context.run.subject);
  const wanted = new Set<string>(wiki.fullDump.outputs);
  const names = new Set(contentOutputs(wiki.fullDump).map((output) => output.output));
  if (wanted.has('titles')) for (const name of ['titles-ns0', 'titles']) names.add(name);
  if (wanted.has('namespaces')) for (const name of ['namespaces', 'namespaces-v2']) names.add(name);
  if (wanted.has('logs')) names.add('logging');
  const preflight = (await context.summaryOf('preflight')) as PreflightSummary | undefined;
  const tables = wanted.has('tables') ? (preflight?.tables ?? []) : [];
  for (const table of tables) names.add(`table:${table}`);
  const extra = wiki.tables.extra.filter((table) => tables.includes(table) && isUnlisted(table));
  return [
    ...dumpOutputs.filter((output) => names.has(output.output)),
    // The operator published these by name.
    ...extra.map((table) => ({ ...tableOutput(table), audience: 'public' as const })),
  ];
}

function isUnlisted(table: string): boolean {
  return tableOutput(table).audience === 'private';
}

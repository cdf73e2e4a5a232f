import type { DumpOutput } from './dump-output.ts';

/** Small lists that are made from the page table and the wiki's settings. */
export const listOutputs: readonly DumpOutput[] = [
  list(
    'namespaces',
    'namespaces',
    'siteinfo-namespaces.json.gz',
    "The wiki's namespaces with aliases, magic words and general settings (JSON, formatversion 1).",
  ),
  list(
    'namespaces-v2',
    'namespacesv2',
    'siteinfo2-namespacesv2.json.gz',
    "The wiki's namespaces with aliases, magic words and general settings (JSON, formatversion 2).",
  ),
  list(
    'titles-ns0',
    'pagetitlesdump',
    'all-titles-in-ns0.gz',
    'The titles of all pages in the main namespace, one a line.',
  ),
  list(
    'titles',
    'allpagetitlesdump',
    'all-titles.gz',
    'The titles of all pages with their namespace numbers, separated by tabs.',
  ),
];

function list(output: string, job: string, file: string, description: string): DumpOutput {
  return { output, job, file, set: 'lists', audience: 'public', description };
}

import type { DumpOutput } from './dump-output.ts';

/**
 * The allow-list: only these tables are public. Everything in them can also be seen by a reader who is not logged in.
 * The job names are those of the field (mostly the table's name without underscores, then `table`).
 */
const publicTables: readonly (readonly [table: string, description: string, job?: string])[] = [
  ['site_stats', 'How many pages, edits, files and users the wiki counts.', 'sitestatstable'],
  ['image', 'Names, sizes and metadata of the current version of every uploaded file.'],
  ['pagelinks', 'Which page links to which other page of the wiki.'],
  ['categorylinks', 'Which page is in which category.'],
  ['imagelinks', 'Which page shows which file.'],
  ['templatelinks', 'Which page includes which template.'],
  ['linktarget', 'The titles that the link tables point to by number.'],
  ['externallinks', 'Which page links to which address outside the wiki.'],
  ['langlinks', 'Which page links to its counterpart in which other language.'],
  ['user_groups', 'Which account is in which group.'],
  ['user_former_groups', 'Which account has been in which group.'],
  ['category', 'Every category with the number of its pages, subcategories and files.'],
  ['page', 'Every page: number, namespace, title, latest revision, length.'],
  ['page_restrictions', 'Which page is protected, against what, until when.'],
  ['page_props', 'Named properties of pages, such as a display title or a default sort key.'],
  ['protected_titles', 'Titles that do not exist and may not be created.'],
  ['redirect', 'Where every redirect leads.'],
  ['iwlinks', 'Which page links to which page of another wiki.'],
  ['geo_tags', 'The geographical coordinates that pages give.'],
  ['change_tag', 'Which tag is on which revision or log entry.', 'changetagstable'],
  ['change_tag_def', 'The tags themselves: number, name, how often they are used.', 'changetagdeftable'],
  ['flaggedpages', 'The reviewed revision of every page that takes part in reviewing.'],
  ['flaggedrevs', 'Every reviewed revision: who reviewed it, when and how.'],
  ['flaggedpage_config', 'Which page has its own settings for reviewing.', 'flaggedpageconfigtable'],
  ['wb_items_per_site', 'Which item describes which page of which wiki.'],
  ['wb_terms', 'Labels, aliases and descriptions of items, in all languages.'],
  ['wb_entity_per_page', 'Which page holds which entity.'],
  ['wb_property_info', 'The data type of every property.'],
  ['wb_changes_subscription', 'Which wiki wants to hear of changes of which item.'],
  ['sites', 'The wikis that this one knows by name.'],
  ['globalimagelinks', "Which page of any wiki shows which of this wiki's files."],
  ['wbc_entity_usage', 'Which page uses which item, and what of it.'],
  ['babel', 'Which languages users say they speak, and how well.'],
];

const byTable: ReadonlyMap<string, DumpOutput> = new Map(
  publicTables.map(([table, description, job]) => [
    table,
    tableFile(table, job ?? defaultJob(table), 'public', description),
  ]),
);

/** The outputs of all tables of the allow-list; a wiki makes those whose table it has. */
export const tableOutputs: readonly DumpOutput[] = [...byTable.values()];

/**
 * The output of a table. One that is not on the allow-list is private, whatever it holds: what a table of an extension
 * contains is not known here.
 */
export function tableOutput(table: string): DumpOutput {
  return (
    byTable.get(table) ?? tableFile(table, defaultJob(table), 'private', `The table ${table} (not public).`)
  );
}

function tableFile(
  table: string,
  job: string,
  audience: DumpOutput['audience'],
  description: string,
): DumpOutput {
  return { output: `table:${table}`, job, file: `${table}.sql.gz`, set: 'tables', audience, description };
}

function defaultJob(table: string): string {
  return `${table.replaceAll('_', '')}table`;
}

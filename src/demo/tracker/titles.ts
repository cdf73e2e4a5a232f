import type { Random } from '../../core/random.ts';

const verbs = [
  'Add',
  'Fix',
  'Remove',
  'Investigate',
  'Document',
  'Speed up',
  'Rewrite',
  'Test',
  'Deploy',
  'Rename',
];
const things = [
  'the search box',
  'login on small screens',
  'cache invalidation',
  'thumbnails of large files',
  'the settings page',
  'notifications',
  'the import script',
  'redirects',
  'keyboard navigation',
  'the error page',
  'talk pages',
  'categories',
  'the upload form',
  'edit conflicts',
  'dark mode',
  'the diff view',
  'page previews',
  'the watchlist',
];
const ends = [
  '',
  '',
  '',
  ' (follow-up)',
  ' in Firefox',
  ' for anonymous users',
  ' before the release',
  ' again',
];
/** What programs stumble over when they put titles into pages, tables, shells. */
const oddTitles = [
  '<script>alert("T1")</script> & friends',
  "It's \"quoted\" and 'quoted' and `quoted`",
  'Emoji 🚀🏳️‍🌈 and 漢字 and 𝒻𝒶𝓃𝒸𝓎',
  '$(rm -rf ~); `id` && echo %PATH%',
  '=HYPERLINK("http://example.org","click")',
  '\u202Egnp.exe right to left \u202C',
  '2026-01-02T03:04:05Z',
  'A backslash \\ a tab\t and \\"both\\"',
  ' ',
  `A title that does not end ${'very '.repeat(40)}soon`,
];

export function makeTitle(random: Random, isOdd: boolean): string {
  if (isOdd) return random.pick(oddTitles);
  return `${random.pick(verbs)} ${random.pick(things)}${random.pick(ends)}`;
}

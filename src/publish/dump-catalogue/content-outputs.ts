import type { DumpOutput, DumpSet } from './dump-output.ts';

const stubs = 'Pages and revisions without their text, for readers that need only who, when and how long.';
const articles =
  'Content pages, templates, file descriptions and project pages: the latest revision of each.';
const current = 'Every page of the wiki, talk and user pages included: the latest revision of each.';
const history = 'Every page of the wiki with its complete history.';

/**
 * Everything that is made from pages, revisions and logs. Consumers look for fixed extensions in the field's jobs, so a
 * format that the field does not know has a job of its own (`…zstdump`, `pageindexdump`, `ledgerdump`).
 */
export const contentOutputs: readonly DumpOutput[] = [
  output('stub-history', 'xmlstubsdump', 'stub-meta-history{part}.xml.gz', 'stubs', stubs),
  output('stub-current', 'xmlstubsdump', 'stub-meta-current{part}.xml.gz', 'stubs', stubs),
  output('stub-articles', 'xmlstubsdump', 'stub-articles{part}.xml.gz', 'stubs', stubs),
  output('articles-bz2', 'articlesdump', 'pages-articles{part}.xml{range}.bz2', 'articles', articles),
  output('current-bz2', 'metacurrentdump', 'pages-meta-current{part}.xml{range}.bz2', 'current', current),
  output(
    'logging',
    'xmlpagelogsdump',
    'pages-logging{part}.xml.gz',
    'logs',
    'The public log: moves, deletions, blocks, uploads and whatever else the wiki records.',
  ),
  output('history-bz2', 'metahistorybz2dump', 'pages-meta-history{part}.xml{range}.bz2', 'history', history),
  output(
    'history-7z',
    'metahistory7zdump',
    'pages-meta-history{part}.xml{range}.7z',
    'history',
    `${history} The smallest file, the slowest to read (7z).`,
  ),
  multistream('articles-multistream', 'pages-articles-multistream{part}.xml{range}.bz2'),
  multistream('articles-multistream-index', 'pages-articles-multistream-index{part}.txt{range}.bz2'),
  zst('articles-zst', 'articleszstdump', 'pages-articles{part}.xml{range}.zst', 'articles', articles),
  zst('current-zst', 'metacurrentzstdump', 'pages-meta-current{part}.xml{range}.zst', 'current', current),
  zst('history-zst', 'metahistoryzstdump', 'pages-meta-history{part}.xml{range}.zst', 'history', history),
  ...(
    [
      ['articles', 'pages-articles'],
      ['current', 'pages-meta-current'],
      ['history', 'pages-meta-history'],
    ] as const
  ).flatMap(([set, file]) =>
    (['bz2', 'zst'] as const).map((extension) =>
      output(
        `${set}-${extension}-index`,
        `${set}pageindexdump`,
        `${file}{part}.xml{range}.${extension}.index.zst`,
        set,
        'Where each page lies in the file of the same name, with checksums of every block: for reading a part of it.',
      ),
    ),
  ),
  output(
    'ledger',
    'ledgerdump',
    'pages-meta-history.ledger.zst',
    'history',
    'One digest for every page: what daily changes are computed against and local copies are checked with.',
  ),
  {
    output: 'state',
    job: 'ledgerstatedump',
    file: 'pages-meta-history.state.zst',
    set: 'history',
    audience: 'private',
    description: 'The ledger with a digest of every revision: what adds/changes dumps are found by.',
  },
];

function output(name: string, job: string, file: string, set: DumpSet, description: string): DumpOutput {
  return { output: name, job, file, set, audience: 'public', description };
}

function multistream(name: string, file: string): DumpOutput {
  const description = `${articles} In separate bz2 streams of at most 100 pages, with an index for reading single pages.`;
  return output(name, 'articlesmultistreamdump', file, 'articles', description);
}

function zst(name: string, job: string, file: string, set: DumpSet, description: string): DumpOutput {
  return output(
    name,
    job,
    file,
    set,
    `${description} Quick to read, and readable from the middle (Zstandard).`,
  );
}

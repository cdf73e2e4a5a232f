/** Sections whose keys hold for all wikis. */
export const globalSections = [
  'wiki',
  'output',
  'reporting',
  'database',
  'tools',
  'cleanup',
  'chunks',
  'stubs',
  'otherformats',
  'query',
  'misc',
];

/** Keys by section that have a counterpart. */
export const heededKeys: Readonly<Record<string, readonly string[]>> = {
  wiki: ['dblist', 'skipdblist', 'privatelist', 'closedlist', 'flowlist', 'tablejobs'],
  output: ['public', 'private', 'webroot', 'logfile'],
  reporting: ['adminmail', 'mailfrom', 'smtpserver'],
  database: ['client_config_file', 'user', 'password', 'server', 'port'],
  tools: [],
  cleanup: ['keep'],
  chunks: ['chunksenabled', 'pagesperchunkhistory', 'checkpointtime', 'maxrevbytes'],
  stubs: [],
  otherformats: ['multistream'],
  query: [],
  misc: ['fixeddumporder', 'maxretries', 'skipjobs'],
};

/** Keys of wikidump.conf that need no counterpart, by section, with the reason; those that have one are in wikidump.ts. */
export const needlessKeys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  wiki: {
    dir: 'no MediaWiki is run: siteinfo comes from api.php or a saved answer',
    multiversion: 'no MediaWiki is run',
    apijobs: 'the siteinfo of each date is in its files; other answers of api.php are not dumped',
  },
  output: {
    temp: 'unfinished files are in workspaces beside the trees (output.workspace)',
    index: 'the index pages have the names of the field, and index.html beside them',
    perdumpindex: 'each date has its index.html',
    templatedir: 'the pages are Rota’s own',
    fileperms: 'published files may be read by all, private ones by owner and group',
  },
  reporting: {
    staleage: 'locks are leases, which end by themselves (lease.duration)',
    batchjobsstaleage: 'pieces are leases, too',
    skipprivatetables: 'private tables are dumped only where tables.private names them',
  },
  database: {
    max_allowed_packet: 'answers of any size are read',
  },
  tools: Object.fromEntries(
    (
      'php gzip bzip2 lbzip2 sevenzip dd mysql mysqldump head tail cat grep checkforbz2footer dumplastbz2block ' +
      'writeuptopageid revsperpage recompressxml'
    )
      .split(' ')
      .map((tool) => [
        tool,
        'programs that are needed are found on the PATH; rota doctor names what is missing',
      ]),
  ),
  chunks: {
    recombinemetacurrent: 'parts are parts of one file already',
    recombinehistory: 'parts are parts of one file already',
    chunksforpagelogs: 'logs are one file',
    logitemsperpagelogs: 'logs are one file',
    jobsperbatch: 'all cores work on one dump (threads)',
    revsperchunkhistory: 'pieces of work are cut by size (piece.size)',
    revsperjob: 'pieces of work are cut by size (piece.size)',
    revsmargin: 'pieces of work are cut by size (piece.size)',
    retrywait: 'a piece that failed is tried again by itself',
    lbzip2threads: 'compression uses all cores',
    revinfostash: 'revisions are counted while the spool is read',
    contentbatchesenabled: 'further workers help with pieces by themselves',
    testsleep: 'for tests',
  },
  stubs: {
    minpages: 'metadata is read in batches of bounded size',
    maxrevs: 'metadata is read in batches of bounded size',
    orderrevs: 'revisions come in the order of MediaWiki’s own dumps',
  },
  query: { queryfile: 'the list of titles needs no query of its own' },
  misc: {
    sevenzipprefetch: '7z is made from a file that is there',
    lbzip2forhistory: 'lbzip2 is used where it is installed',
  },
  cleanup: {},
  otherformats: {},
};

/** The general section to which a key of a wiki's own section belongs. */
export function sectionOf(key: string): string | undefined {
  return globalSections.find(
    (section) => heededKeys[section]?.includes(key) || needlessKeys[section]?.[key] !== undefined,
  );
}

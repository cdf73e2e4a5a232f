import * as z from 'zod';
import { contentFormats, fullDumpOutputs, historyFormats } from '../full-dump-config.ts';
import { scheduleShape } from './schedule.ts';
import { group, setting } from './setting.ts';
import { choice, count, duration, flag, listOf, oneOrMore, orOff, share, size, timeLimit } from './values.ts';

const splitShape = {
  maxRawBytes: setting(orOff(size, 'a size such as 35GB'), 'Bytes of XML in one part.', 'off'),
  maxPages: setting(orOff(count(1), 'a number'), 'Pages in one part.', 'off'),
};

/** What may be set for the job as a whole and again for a wiki. */
const settingsShape = {
  outputs: setting(listOf(choice(fullDumpOutputs)), 'Which parts are made.', [...fullDumpOutputs]),
  compression: setting(
    group({
      articles: setting(oneOrMore(contentFormats), 'pages-articles.', 'bz2'),
      current: setting(oneOrMore(contentFormats), 'pages-meta-current.', 'bz2'),
      history: setting(oneOrMore(historyFormats), 'pages-meta-history; 7z is made from one of the others.', [
        'bz2',
        'zst',
      ]),
      stubs: setting(oneOrMore(['gz']), 'Stubs.', 'gz'),
      logs: setting(oneOrMore(['gz']), 'pages-logging.', 'gz'),
    }),
    'In which formats each kind of file is written: one or a list.',
  ),
  split: setting(
    group({
      stubs: setting(group(splitShape), 'Stubs; measured by the largest of them.'),
      articles: setting(group(splitShape), 'pages-articles, the multistream file and its index.'),
      current: setting(group(splitShape), 'pages-meta-current.'),
      history: setting(group(splitShape), 'pages-meta-history.'),
    }),
    'Cut what is larger than this into numbered files of consecutive pages. The next dates keep the page ranges; only the last part is cut again.',
  ),
  schema: setting(choice(['0.11', '0.10']), 'Version of the XML export format; in quotes.', '0.11'),
  profile: setting(
    choice(['text-pass', 'one-pass']),
    'Written as dumpTextPass.php does (published dumps) or as dumpBackup.php does.',
    'text-pass',
  ),
  asMediawiki: setting(
    flag,
    'Show what MediaWiki shows of hidden revisions (text-deleted latest texts, sizes and hashes of hidden ones). For comparisons, never for publication.',
    false,
  ),
  threads: setting(
    count(1, 1024),
    "Worker threads for texts and compression; by default the machine's cores.",
  ),
  spool: setting(
    group({
      perRange: setting(
        count(1),
        'Above this many revisions the metadata is read in one snapshot per page range instead of one for all.',
        50_000_000,
      ),
    }),
    "The dump's frozen metadata.",
  ),
  piece: setting(
    group({
      size: setting(size, 'Raw bytes of text in one piece of work.', '64MiB'),
      revisions: setting(count(1), 'Revisions in one piece of work.', 200_000),
    }),
    'How the work is cut for workers; a piece ends at whichever comes first.',
  ),
  bundle: setting(
    group({
      zst: setting(size, 'In zst files.', '4MiB'),
      bz2: setting(
        size,
        'In bz2 files; one block is 890 kB, which is the most in pages-articles, whose blocks are indexed.',
        '890kB',
      ),
    }),
    'Raw bytes of the parts that are compressed by themselves. Smaller ones make the next dump and reading single pages cheaper, and files larger.',
  ),
  carryOver: setting(
    group({
      enabled: setting(
        flag,
        'Copy what has not changed since the date before instead of making it anew; the files are the same either way.',
        true,
      ),
      recheck: setting(
        orOff(share, 'a share such as 5%'),
        'Of what has not changed, the share that is read from the database all the same, another one at each date.',
        '1%',
      ),
    }),
    'What is taken over from the date before.',
  ),
  verify: setting(
    z.union([z.literal('full'), share], { error: '"full" or a share such as 5%' }),
    'Finished files are read back from the disk. Of parts that were copied from the date before, the share that is decompressed for it, another one at each date; or full: all of them.',
    '5%',
  ),
  tolerance: setting(
    group({
      failedTexts: setting(
        count(0),
        'Up to this many unreadable texts are published with errors; more are held.',
        0,
      ),
      mismatchedTexts: setting(
        orOff(count(0), 'a number'),
        'The same for texts that differ from their SHA-1.',
        'off',
      ),
    }),
    'How many faulty texts a published dump may have.',
  ),
  shrinkGuard: setting(
    orOff(share, 'a share such as 5%'),
    'Hold an output that lost more than this share of its pages, revisions or bytes since the last date.',
    '5%',
  ),
  publish: setting(
    choice(['sets', 'whole']),
    'Publish each set of files as soon as it is verified, or all together at the end.',
    'sets',
  ),
  keep: setting(count(1), 'Published dates that are kept for each wiki.', 3),
  resumeWithin: setting(
    duration,
    'An unfinished date younger than this is resumed; an older one is skipped.',
    '14d',
  ),
  heldFor: setting(duration, 'What is held and not approved within this fails.', '7d'),
  retries: setting(
    group({
      times: setting(count(0, 100), 'Tries after the first.', 3),
      delay: setting(duration, 'Delay before the first of them.', '10m'),
      factor: setting(count(1, 100), 'Each next delay is this many times longer.', 4),
    }),
    'What is tried again by itself after a failure.',
  ),
  deadline: setting(timeLimit, 'A run that takes longer fails.', '7d'),
};

/** `wikis.<name>.full-dump`. */
export const fullDumpSettings = group(settingsShape);

/** `jobs.full-dump`. */
export const fullDumpJob = group({
  ...scheduleShape,
  slots: setting(count(1, 1024), 'Runs of this job that one worker has at once.', 1),
  ...settingsShape,
});

import type {
  LogRecord,
  PageRecord,
  RevisionRecord,
  SlotRecord,
} from '../../../mediawiki/record/revision-record.ts';
import type { SiteInfo, SiteNamespace } from '../../../mediawiki/siteinfo/site-info.ts';
import { sha1Base36 } from '../../../mediawiki/text/sha1.ts';
import type { WriterOptions } from '../options.ts';

/** Small records for the writer's tests. */

const namespace = (id: number, name: string, isCapitalised = true): SiteNamespace => ({
  id,
  name,
  case: isCapitalised ? 'first-letter' : 'case-sensitive',
  aliases: [],
});

export const sampleSite: SiteInfo = {
  siteName: 'Tiny & "Odd"',
  databaseName: 'tinywiki',
  base: 'http://tiny.example/wiki/Main_Page',
  generator: 'MediaWiki 1.39.17',
  case: 'first-letter',
  language: 'en',
  namespaces: [
    namespace(-2, 'Media'),
    namespace(-1, 'Special'),
    namespace(0, ''),
    namespace(1, 'Talk'),
    namespace(6, 'File'),
    namespace(102, 'Lower', false),
  ],
  redirectWords: null,
  interwikiPrefixes: ['metawikimedia'],
  apiAnswer: null,
};

export const options = (changes: Partial<WriterOptions> = {}): WriterOptions => ({
  schema: '0.11',
  profile: 'one-pass',
  texts: 'full',
  asMediawiki: false,
  siteInfo: sampleSite,
  ...changes,
});

export const samplePage: PageRecord = {
  id: 7,
  namespace: 1,
  title: 'A_"page"',
  isRedirect: false,
  latestRevisionId: 99,
  redirect: null,
};

export const slot = (text: string, changes: Partial<SlotRecord> = {}): SlotRecord => ({
  role: 'main',
  originRevisionId: 5,
  model: 'wikitext',
  sizeBytes: Buffer.byteLength(text),
  sha1: sha1Base36(Buffer.from(text)),
  address: 'tt:12',
  ...changes,
});

export const revision = (text: string, changes: Partial<RevisionRecord> = {}): RevisionRecord => ({
  id: 5,
  parentId: 4,
  timestamp: '20200102030405',
  isMinor: false,
  deleted: 0,
  sizeBytes: Buffer.byteLength(text),
  sha1: sha1Base36(Buffer.from(text)),
  userId: 3,
  userName: 'Someone',
  comment: 'said "so"',
  slots: [slot(text)],
  problems: [],
  ...changes,
});

export const logRecord = (changes: Partial<LogRecord> = {}): LogRecord => ({
  id: 1,
  type: 'delete',
  action: 'delete',
  timestamp: '20200102030405',
  userId: 3,
  userName: 'Someone',
  namespace: 1,
  title: 'A_page',
  comment: '',
  params: 'a:0:{}',
  deleted: 0,
  problems: [],
  ...changes,
});

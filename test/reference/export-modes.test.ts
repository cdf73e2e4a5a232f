// `rota export` and dumpBackup.php / dumpTextPass.php on the wicked wiki: byte for byte the same in every mode.
import { after, before, describe, it } from 'node:test';
import { type Farm, writeFarm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import type { TestWiki } from '../support/mediawiki/wiki.ts';
import { requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { assertOnePass, assertTextPass, type ExportMode } from './export-pair.ts';

const same = (...args: readonly string[]): ExportMode => ({ mediawiki: args, rota: args });
const with010 = (...args: readonly string[]): ExportMode => ({
  mediawiki: [...args, '--schema-version=0.10'],
  rota: [...args, '--schema', '0.10'],
});

const onePass: Readonly<Record<string, ExportMode>> = {
  'the full history': same('--full'),
  'current revisions': same('--current'),
  'stubs of the full history': same('--full', '--stub'),
  'stubs of current revisions': same('--current', '--stub'),
  'the logs': same('--logs'),
  'uploads beside the full history': same('--full', '--uploads'),
  'uploads beside stubs': same('--full', '--stub', '--uploads'),
  'a range of pages': {
    mediawiki: ['--full', '--start=3', '--end=60'],
    rota: ['--full', '--start', '3', '--end', '60'],
  },
  'a range of current stubs': {
    mediawiki: ['--current', '--stub', '--start=20', '--end=45'],
    rota: ['--current', '--stub', '--start', '20', '--end', '45'],
  },
  'a range without any page': {
    mediawiki: ['--full', '--start=5000', '--end=5001'],
    rota: ['--full', '--start', '5000', '--end', '5001'],
  },
  'a range of log entries': {
    mediawiki: ['--logs', '--start=10', '--end=50'],
    rota: ['--logs', '--start', '10', '--end', '50'],
  },
  'the full history in schema 0.10': with010('--full'),
  'current revisions in schema 0.10': with010('--current'),
  'stubs in schema 0.10': with010('--full', '--stub'),
  'logs in schema 0.10': with010('--logs'),
};

const textPass = { 'the full history': '--full', 'current revisions': '--current' } as const;

describe('rota export writes what MediaWiki writes', { skip: requires('mariadb', 'mediawiki') }, () => {
  let wiki: TestWiki;
  let folder: TemporaryFolder;
  let farm: Farm;
  before(async () => {
    wiki = await wikiCopy('wicked', 'export_modes');
    folder = await temporaryFolder();
    farm = await writeFarm(folder.path, [wiki]);
  });
  after(async () => {
    await folder?.[Symbol.asyncDispose]();
    await wiki?.[Symbol.asyncDispose]();
  });

  for (const [name, mode] of Object.entries(onePass)) {
    it(`one pass: ${name}`, () => assertOnePass(farm, wiki, mode));
  }
  for (const [name, mode] of Object.entries(textPass)) {
    it(`text pass: ${name}`, () => assertTextPass(farm, wiki, mode));
  }
});

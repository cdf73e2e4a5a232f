// Wikis configured otherwise: another language, nothing but one page, and siteinfo taken from the head of a dump.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { writeFarm } from '../support/mediawiki/farm.ts';
import type { WikiFlags } from '../support/mediawiki/local-settings.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { assertOnePass, assertTextPass, currentMode, dumpBackup, fullMode } from './export-pair.ts';

describe('rota export writes what MediaWiki writes for', { skip: requires('mariadb', 'mediawiki') }, () => {
  // German knows namespaces for men and women, Turkish its own capital letters, Hebrew is written from the right.
  const languages: readonly WikiFlags[] = ['de', 'tr', 'he'].map((language) => ({ language }));
  for (const flags of languages) {
    it(`a wiki in ${flags.language}`, async () => {
      await using folder = await temporaryFolder();
      await using wiki = await wikiCopy('wicked', `language_${flags.language}`, flags);
      const farm = await writeFarm(folder.path, [wiki]);
      await assertOnePass(farm, wiki, { mediawiki: ['--full', '--stub'], rota: ['--full', '--stub'] });
      await assertOnePass(farm, wiki, currentMode);
      await assertOnePass(farm, wiki, { mediawiki: ['--logs'], rota: ['--logs'] });
    });
  }

  it('a wiki of one page', async () => {
    await using folder = await temporaryFolder();
    await using wiki = await wikiCopy('empty', 'one_page');
    const farm = await writeFarm(folder.path, [wiki]);
    await assertOnePass(farm, wiki, fullMode);
    await assertTextPass(farm, wiki);
  });

  it('a wiki whose siteinfo comes from the head of one of its dumps', async () => {
    await using folder = await temporaryFolder();
    await using wiki = await wikiCopy('bulk', 'siteinfo_from_head');
    const farm = await writeFarm(folder.path, [wiki]);
    const head = await dumpBackup(wiki, ['--full', '--stub', '--start=1', '--end=2']);
    await writeFile(join(farm.folder, `${wiki.database}-siteinfo.json`), head);
    await assertOnePass(farm, wiki, fullMode);
  });
});

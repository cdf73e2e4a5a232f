// MediaWiki with its database in SQLite: Rota reads the file as MediaWiki does.
import { describe, it } from 'node:test';
import { writeFarm } from '../support/mediawiki/farm.ts';
import { createSqliteWiki, fillWiki } from '../support/mediawiki/wiki.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { assertOnePass, assertTextPass, type ExportMode, fullMode } from './export-pair.ts';

describe('a wiki in SQLite', { skip: requires('mariadb', 'mediawiki') }, () => {
  it('is exported byte for byte as MediaWiki exports it', async () => {
    await using folder = await temporaryFolder();
    const flags = { odd: true, uploads: true, siteName: 'Odd & Ends' };
    await using wiki = await createSqliteWiki('in_sqlite', folder.in('database'), flags);
    await fillWiki(wiki, 'wicked', 'uploads');
    const farm = await writeFarm(folder.in('farm'), [wiki]);
    const modes: readonly ExportMode[] = [['--current'], ['--full', '--stub', '--uploads'], ['--logs']].map(
      (args) => ({ mediawiki: args, rota: args }),
    );
    for (const mode of [fullMode, ...modes]) await assertOnePass(farm, wiki, mode);
    await assertTextPass(farm, wiki);
  });
});

// A wiki of random bytes (by seed) is exported byte for byte as MediaWiki exports it.
import { describe, it } from 'node:test';
import { assertOnePass, assertTextPass, currentMode, fullMode } from '../reference/export-pair.ts';
import { writeFarm } from '../support/mediawiki/farm.ts';
import { createMediaWiki, fillWiki } from '../support/mediawiki/wiki.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('random texts and summaries', { skip: requires('mariadb', 'mediawiki') }, () => {
  for (const flags of [{}, { compress: true }, { external: true }]) {
    it(`with ${Object.keys(flags).join() || 'plain'} storage`, async () => {
      await using folder = await temporaryFolder();
      await using wiki = await createMediaWiki(`random_${Object.keys(flags).join('') || 'plain'}`, flags);
      await fillWiki(wiki, 'random');
      const farm = await writeFarm(folder.path, [wiki]);
      await assertOnePass(farm, wiki, fullMode);
      await assertOnePass(farm, wiki, currentMode);
      await assertTextPass(farm, wiki);
    });
  }
});

// The same wiki with its tables as other versions of MediaWiki have them is exported to the same bytes.
import { describe, it } from 'node:test';
import { testBed } from '../support/bed.ts';
import { sql } from '../support/database.ts';
import { writeFarm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { dumpBackup, rotaExport } from './export-pair.ts';
import { assertSameBytes } from './same-bytes.ts';

const migrations: Readonly<Record<string, string>> = {
  '1.35 (comments and actors in tables of their own)': `
    CREATE TABLE revision_actor_temp (
      revactor_rev INT UNSIGNED NOT NULL,
      revactor_actor BIGINT UNSIGNED NOT NULL,
      revactor_timestamp BINARY(14) NOT NULL,
      revactor_page INT UNSIGNED NOT NULL,
      PRIMARY KEY (revactor_rev, revactor_actor),
      UNIQUE KEY revactor_rev (revactor_rev)
    ) CHARACTER SET binary;
    INSERT INTO revision_actor_temp SELECT rev_id, rev_actor, rev_timestamp, rev_page FROM revision;
    UPDATE revision SET rev_actor = 0;`,
  '1.43 (comments in the revision)': `
    UPDATE revision JOIN revision_comment_temp ON revcomment_rev = rev_id
      SET rev_comment_id = revcomment_comment_id;
    DROP TABLE revision_comment_temp;`,
};
const modes = [['--full'], ['--current'], ['--full', '--stub', '--uploads'], ['--logs']];

describe('tables as in MediaWiki', { skip: requires('mariadb', 'mediawiki') }, () => {
  for (const [version, statements] of Object.entries(migrations)) {
    it(version, async () => {
      await using folder = await temporaryFolder();
      await using wiki = await wikiCopy('wicked', `schema_${version.slice(0, 4).replace('.', '_')}`);
      const farm = await writeFarm(folder.path, [wiki]);
      const expected = [];
      for (const mode of modes) expected.push(await dumpBackup(wiki, mode));
      await sql(testBed().mariadb, wiki.database, statements);
      for (const [i, mode] of modes.entries()) {
        const actual = await rotaExport(farm, wiki, [...mode, '--as-mediawiki']);
        assertSameBytes(actual, expected[i] ?? Buffer.alloc(0), `${version} ${mode.join(' ')}`);
      }
    });
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRotaError } from '../core/errors/rota-error.ts';
import { FarmFolder, outputYaml } from './testing/farm-folder.ts';
import { wikiNamed } from './wiki-named.ts';

test('a wiki is found by its name; for a wrong one the nearest is told', async () => {
  using farm = new FarmFolder();
  const { config } = await farm.load(`${outputYaml}wikis: { frwiki: { database: sqlite:x, siteinfo: y } }\n`);
  assert.equal(wikiNamed(config, 'frwiki').name, 'frwiki');
  assert.throws(
    () => wikiNamed(config, 'frwik'),
    (error) => isRotaError(error, 'WIKI_UNKNOWN') && error.message.endsWith('did you mean "frwiki"?'),
  );
});

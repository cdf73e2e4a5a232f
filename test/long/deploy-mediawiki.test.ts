import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { isPresent, mediawikiFolder, requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const settings = `<?php
$wgScriptPath = '';
$wgServer = 'http://localhost';
$wgDBtype = 'sqlite';
$wgDBname = 'none';
$wgSQLiteDataDir = sys_get_temp_dir();
$wgSecretKey = str_repeat('0', 64);
$wgLocalisationCacheConf['manualRecache'] = true;
`;

const skip = requires('git') || (isPresent('mediawiki') ? false : 'needs MediaWiki with PHP');

suite('a real MediaWiki', { skip }, () => {
  test('two versions of about ten thousand files with their localisation cache, and one changed message', async () => {
    await using folder = await temporaryFolder('mediawiki');
    const hosts = localHosts(folder.path, 2);
    const farm = await makeDeployFarm(folder.path, hosts, {
      kind: 'mediawiki',
      deadline: '10m',
      // The package's own vendor folder has example keys.
      allow: ['**'],
      localisation: { languages: ['en', 'fr'], settings: 'LocalSettings.php' },
    });
    const code = join(farm.folder, 'code');
    // Debian's package has links to files that only a configured wiki has.
    await cp(mediawikiFolder(), code, {
      recursive: true,
      dereference: true,
      filter: (path) => existsSync(path),
    });
    await rm(join(code, 'cache'), { recursive: true, force: true });
    await farm.write('LocalSettings.php', settings);
    const first = await farm.rota('push');
    assert.equal(first.status, 0, first.stderr);
    const caches = await readdir(join(hosts.folderOf('h1'), 'cache/l10n'));
    assert.deepEqual(caches.filter((name) => /^(en|fr)\.l10n\.php$/.test(name)).sort(), [
      'en.l10n.php',
      'fr.l10n.php',
    ]);
    const count = async (host: string) =>
      Number((await execa('sh', ['-c', 'find -L "$1" -type f | wc -l', 'sh', hosts.folderOf(host)])).stdout);
    assert.ok((await count('h1')) > 5_000);

    const file = join(code, 'languages/i18n/fr.json');
    const messages = JSON.parse(await readFile(file, 'utf8'));
    messages.mainpage = 'Accueil de la ferme';
    await writeFile(file, JSON.stringify(messages, null, '\t'));
    const planned = await farm.rota('push');
    assert.equal(planned.status, 0, planned.stderr);
    for (const host of hosts.names) {
      const cache = join(hosts.folderOf(host), 'cache/l10n/fr.l10n.php');
      const { stdout } = await execa('php', [
        '-r',
        '$x = require $argv[1]; echo $x["messages:mainpage"];',
        cache,
      ]);
      assert.equal(stdout, 'fr:Accueil de la ferme');
    }
    assert.equal(await count('h1'), await count('h2'));
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
    const unfit = { kind: 'mediawiki', localisation: { roots: ['php-1.2'] } };
    await farm.configure(unfit);
    const refused = await farm.rota('push');
    assert.match(refused.stderr, /SOURCE_UNFIT: .*php-1\.2 holds no MediaWiki/);
  });
});

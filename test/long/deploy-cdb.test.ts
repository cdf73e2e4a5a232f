import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { exportScript, rebuildScript } from '../../src/jobs/deploy/localisation/export-script.ts';
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
`;

/** What MediaWiki itself reads of a message in a folder of CDB files. */
const read = `define( 'MEDIAWIKI', 1 );
[ , $root, $code ] = $argv;
require "$root/vendor/autoload.php";
require "$root/includes/language/LCStore.php";
require "$root/includes/language/LCStoreCDB.php";
echo ( new LCStoreCDB( [ 'directory' => "$root/cache/l10n" ] ) )->get( $code, 'messages:mainpage' );`;

const skip = requires('git') || (isPresent('mediawiki') ? false : 'needs MediaWiki with PHP');

suite('CDB files that hosts make', { skip }, () => {
  test('hold every byte, also what is no UTF-8 and keys that are numbers', async () => {
    await using folder = await temporaryFolder('cdb-bytes');
    const [from, store] = [folder.in('from'), folder.in('store')];
    for (const one of [from, store]) await mkdir(one);
    const library = `require "${mediawikiFolder()}/vendor/autoload.php";`;
    const php = async (script: string, ...args: readonly string[]) =>
      (await execa('php', ['-r', script, '--', ...args])).stdout;
    const values = String.raw`$all = [ '7' => "\xff\x00\n", '10' => 'ten', 'é' => str_repeat( 'x', 70000 ), '-rf' => '' ];`;
    await php(
      `${library}${values} $w = new Cdb\\Writer\\PHP( $argv[1] ); foreach ( $all as $k => $v ) $w->set( (string)$k, $v ); $w->close();`,
      join(from, 'l10n_cache-en.cdb'),
    );
    const to = folder.in('cache/l10n');
    await php(exportScript, mediawikiFolder(), from, to);
    const [sum = ''] = (await readFile(join(to, 'cdb.sums'), 'utf8')).split(' ');
    await symlink(join(mediawikiFolder(), 'vendor'), folder.in('vendor'));
    await php(rebuildScript, folder.path, store, `en:${sum}`);
    const same = `${library}${values} $r = Cdb\\Reader::open( $argv[1] ); foreach ( $all as $k => $v ) if ( $r->get( (string)$k ) !== $v ) echo "$k differs";`;
    assert.equal(await php(same, join(store, `${sum}.cdb`)), '');
  });

  test('are what the deploy host says, are made where a language changed, and come back with a rollback and a repair', async () => {
    await using folder = await temporaryFolder('cdb');
    const hosts = localHosts(folder.path, 1);
    const localisation = { languages: ['en', 'fr'], store: 'cdb' };
    const environment = { kind: 'mediawiki', deadline: '10m', allow: ['**'], keep: 2, localisation };
    const farm = await makeDeployFarm(folder.path, hosts, environment);
    const code = join(farm.folder, 'code');
    const parts = /^(?:|includes|languages|maintenance|vendor|resources|autoload\.php|composer\.json)$/;
    await cp(mediawikiFolder(), code, {
      recursive: true,
      dereference: true,
      filter: (path) => existsSync(path) && parts.test(relative(mediawikiFolder(), path).split('/')[0] ?? ''),
    });
    await farm.write('LocalSettings.php', settings);
    const path = hosts.folderOf('h1');
    const store = `${path}-l10n`;
    const message = async (language: string) =>
      (await execa('php', ['-r', read, '--', path, language])).stdout;
    const rebuilt = (result: { readonly stdout: Buffer }) => {
      const lines = result.stdout.toString().trim().split('\n');
      const events = lines.map((line) => JSON.parse(line));
      return events.find(({ type, stage }) => type === 'stage-ended' && stage === 'localise-hosts')?.summary
        ?.rebuilt;
    };
    const push = async () => {
      const result = await farm.rota('push', '--json');
      assert.equal(result.status, 0, result.stderr);
      return rebuilt(result);
    };
    assert.equal(await push(), 2);
    assert.equal(await message('fr'), 'fr:Accueil');
    assert.deepEqual((await readdir(store)).length, 2);
    assert.match((await farm.served('h1', 'cache/l10n/fr.l10n.json')) ?? '', /^\{\n {4}"/);
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);

    const file = join(code, 'languages/i18n/fr.json');
    const messages = JSON.parse(await readFile(file, 'utf8'));
    messages.mainpage = 'Accueil\u0000 de la ferme';
    await writeFile(file, JSON.stringify(messages, null, '\t'));
    assert.equal(await push(), 1, 'English is as it was');
    assert.equal(await message('fr'), 'fr:Accueil\u0000 de la ferme');
    assert.equal((await readdir(store)).length, 3);
    assert.equal(rebuilt(await farm.rota('deploy', 'rollback', '--json')), 0);
    assert.equal(await message('fr'), 'fr:Accueil');

    // What was changed in place is found by reading it, and made anew.
    const sums = (await farm.served('h1', 'cache/l10n/cdb.sums')) ?? '';
    const [french = ''] = /[0-9a-f]{64}(?= {2}fr\n)/.exec(sums) ?? [];
    const bytes = await readFile(join(store, `${french}.cdb`));
    bytes[3000] = (bytes[3000] ?? 0) ^ 1;
    await writeFile(join(store, `${french}.cdb`), bytes);
    assert.equal((await farm.rota('deploy', 'verify')).status, 0);
    const drift = await farm.rota('deploy', 'verify', '--content');
    assert.match(drift.stdout.toString(), /cache\/l10n\/l10n_cache-fr\.cdb/);
    assert.equal((await farm.rota('deploy', 'repair')).status, 0);
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);

    // JSON that does not make what its version says is refused before any switch.
    const bad = join(code, 'cache/l10n/cdb.sums');
    await rm(join(store, `${french}.cdb`));
    await farm.configure({ ...environment, localisation, stages: { build: './build.mjs' } });
    await writeFile(
      join(farm.folder, 'build.mjs'),
      `import { readFileSync, writeFileSync } from 'node:fs';
export default (rota) => class extends rota.stages.Build {
  async deploy(context) {
    const file = ${JSON.stringify(bad)};
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^[0-9a-f]{8}/gm, '00000000'));
    return await super.deploy(context);
  }
};\n`,
    );
    const refused = await farm.rota('push');
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      /h1 could not be proven to hold the version: l10n_cache-..\.cdb has the SHA-256/,
    );
    await farm.configure({ ...environment, localisation: { ...localisation, hostPhp: 'no-such-php' } });
    await rm(bad);
    await rm(store, { recursive: true });
    const missing = await farm.rota('push');
    assert.match(missing.stderr, /h1 lacks no-such-php/);
  });
});

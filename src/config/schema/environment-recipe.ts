import { group, required, setting } from './setting.ts';
import { choice, count, duration, listOf, path, text } from './values.ts';

const module_ = (what: string) => setting(path, `A module that replaces ${what}.`);

/** Keys of an environment about how its stages work. */
export const recipeSettings = {
  kind: setting(
    choice(['plain', 'mediawiki']),
    'What is deployed. `mediawiki` knows `php` and `localisation`.',
    'plain',
  ),
  php: setting(
    group({
      strategy: required(
        choice(['restart', 'reload', 'reset', 'none']),
        'How php-fpm comes to run the new code: `restart` and `reload` with `command`, `reset` by an address that resets opcache.',
      ),
      service: setting(text, 'The unit that `systemctl` restarts or reloads.', 'php8.2-fpm'),
      command: setting(text, 'A script for sh in its place.'),
      fpm: setting(
        text,
        'The program on hosts, whose settings `rota doctor` looks at; by default the one of `service`, such as php-fpm8.2.',
      ),
      fpmConfig: setting(
        text,
        'Its php-fpm.conf, with pools in `pool.d` beside it; by default where its php.ini is.',
      ),
      resetUrl: setting(text, 'For `reset`: the address; `{host}` stands for the host.'),
      versionUrl: setting(
        text,
        'An address whose answer names the version, such as one that prints VERSION.json; `{host}` stands for the host.',
      ),
      confirmations: setting(count(1, 1000), 'How many answers in a row must name the new version.', 10),
      timeout: setting(duration, 'How long until every worker must run the new code.', '1m'),
    }),
    'How php-fpm comes to run the new code.',
  ),
  localisation: setting(
    group({
      roots: setting(listOf(text), 'Folders with a MediaWiki in the staging tree.', ['.']),
      settings: setting(
        text,
        'The LocalSettings.php that names the extensions: relative to a root, or absolute.',
        'LocalSettings.php',
      ),
      php: setting(text, 'The PHP that makes it.', 'php'),
      store: setting(
        choice(['static-array', 'cdb']),
        'What wikis read (`storeClass`): PHP arrays, which are part of the version; or CDB files, of which the version has JSON, and which every host makes with the version’s own library before it is switched.',
        'static-array',
      ),
      hostPhp: setting(text, 'For `cdb`: the PHP of hosts.', 'php'),
      languages: setting(listOf(text), 'Only these languages.'),
      threads: setting(count(1, 64), 'How many processes make it, here and on hosts.', 1),
      timeout: setting(duration, 'How long it may take.', '1h'),
    }),
    'Make MediaWiki’s localisation cache (in `cache/l10n`) on this machine before a version is made. Hosts should have `$wgLocalisationCacheConf["manualRecache"] = true`.',
  ),
  warmup: setting(
    listOf(text),
    'Addresses that are asked of each host after its restart; `{host}` stands for the host.',
    [],
  ),
  stages: setting(
    group({
      preflight: module_('the stage that looks at hosts'),
      build: module_('the stage that makes a version'),
      transfer: module_('the stage that brings it to hosts'),
      prepare: module_('the stage that makes hosts hold it'),
      assets: module_('the stage that publishes static files'),
      rollout: module_('the stage that switches a group'),
      depool: module_('the step that takes hosts out of their pools'),
      promote: module_('the step that switches a host'),
      restart: module_('what a host does after its switch'),
      check: module_('the step that asks the checks of a group about a host'),
      repool: module_('the step that brings hosts back into their pools'),
      finalize: module_('the last stage'),
    }),
    'Classes of your own in place of parts of a deployment (see the guide to deploying).',
  ),
};

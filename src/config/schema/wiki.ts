import * as z from 'zod';
import { databaseUrl, siteInfoSource } from './addresses.ts';
import { fullDumpSettings } from './full-dump.ts';
import { group, named, required, setting } from './setting.ts';
import { tls } from './tls.ts';
import { duration, flag, httpUrl, identifier, listOf, orOff, path, text } from './values.ts';

const environmentName = z
  .string({ error: 'the name of an environment variable' })
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'the name of an environment variable' });

/** How to log in: for a wiki's database and for each external store. */
export const loginShape = {
  passwordFile: setting(path, 'File whose first line is the password; readable by its owner only.'),
  passwordVariable: setting(environmentName, 'Environment variable that holds the password.'),
  tls: setting(tls, 'Encrypt the connection.'),
};

const externalStore = z.union(
  [databaseUrl, group({ database: required(databaseUrl, 'Its database.'), ...loginShape })],
  { error: 'a database URL, or a map with database, passwordFile and tls' },
);

/** Tables of MediaWiki and its extensions that hold what no reader may see. */
const neverPublic = new Set(
  (
    'user user_properties user_newtalk user_autocreate_serial bot_passwords watchlist watchlist_expiry ' +
    'watchlist_label ipblocks ipblocks_restrictions block block_target archive filearchive filerevision recentchanges ' +
    'logging log_search text objectcache job uploadstash cu_changes cu_log cu_log_event cu_private_event cu_useragent ' +
    'oathauth_users oathauth_devices oathauth_types abuse_filter abuse_filter_log abuse_filter_history ' +
    'echo_notification echo_email_batch globaluser localuser spoofuser oauth_registered_consumer ' +
    'oauth_accepted_consumer external_user'
  ).split(' '),
);

const publicTable = identifier.refine((name) => !neverPublic.has(name.toLowerCase()), {
  error: 'a table without private data; name this one under tables.private',
});

const wikiShape = {
  tablePrefix: setting(
    z
      .string({ error: 'a prefix of letters, digits and _' })
      .regex(/^[A-Za-z0-9_]*$/, { error: 'a prefix of letters, digits and _' }),
    "Prefix of the wiki's tables ($wgDBprefix).",
    '',
  ),
  ...loginShape,
  private: setting(flag, 'Dump to the private tree only, and name the wiki in no public file.', false),
  closed: setting(flag, 'Nobody edits it any more: no adds/changes dumps.', false),
  externalStores: setting(
    named(identifier, externalStore),
    "Databases of external storage by cluster name. One without a password or TLS of its own gets the wiki's.",
  ),
  legacyEncoding: setting(
    text,
    'Encoding of texts without the flag utf-8 ($wgLegacyEncoding), such as windows-1252.',
  ),
  images: setting(path, 'Folder of the uploaded files ($wgUploadDirectory), for exports that include them.'),
  imagesUrl: setting(
    httpUrl,
    'Address of that folder ($wgServer and $wgUploadPath), as exports with uploads print it. By default <server><scriptpath>/images.',
  ),
  contentModels: setting(
    named(text, text),
    'Default formats of content models of extensions, such as {flow-board: application/json}; unknown models are listed as failed.',
  ),
  maxReplicationLag: setting(
    orOff(duration, 'a duration such as 30s'),
    'Wait while the replica is further behind; the account needs the right to ask.',
    'off',
  ),
  tables: setting(
    group({
      extra: setting(
        listOf(publicTable),
        "Tables of extensions that are published beside the field's own.",
        [],
      ),
      private: setting(listOf(identifier), 'Tables that are dumped to the private tree.', []),
    }),
    'Tables beyond the usual public ones.',
  ),
  restrictedLogTypes: setting(listOf(text), 'Log types left out beside those known to be restricted.', []),
  publicLogTypes: setting(
    listOf(text),
    'Log types of extensions that anybody may see; an unknown type is left out until it is named here or above.',
    [],
  ),
  slots: setting(listOf(text), 'Names from the top-level `slots` that a run on this wiki holds.', []),
  'full-dump': setting(fullDumpSettings, 'Settings of the full dump that are different for this wiki.'),
};

/** `wikis.<name>`, and `wikiDefaults`: what a wiki must have may stand in either. */
export const wiki = group({
  database: setting(
    databaseUrl,
    'The database: mysql://user@host/database?socket=/path, or sqlite:file. Needed.',
  ),
  siteinfo: setting(
    siteInfoSource,
    "Where names of namespaces come from: a URL of api.php, a saved answer of it (action=query&meta=siteinfo, JSON), or any file that begins with a dump's <siteinfo>. Needed.",
  ),
  ...wikiShape,
});

export type ParsedWiki = z.output<typeof wiki>;

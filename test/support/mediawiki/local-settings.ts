import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { TestBed } from '../bed.ts';

/** How a test wiki differs from a plain English one. */
export interface WikiFlags {
  /** New texts are stored with flags `utf-8,gzip`. */
  readonly compress?: boolean;
  /** New texts are stored on cluster1, a second database (`<database>_es`). */
  readonly external?: boolean;
  /** Extra namespaces (100-103, one case-sensitive) and a slot role `aux` of JSON. */
  readonly odd?: boolean;
  readonly uploads?: boolean;
  /** With the extension that renames users. */
  readonly renames?: boolean;
  /** The database is an SQLite file in this folder. */
  readonly sqliteFolder?: string;
  readonly language?: string;
  readonly siteName?: string;
  /** $wgXmlDumpSchemaVersion; MediaWiki 1.39 itself defaults to 0.11. */
  readonly schemaVersion?: '0.10' | '0.11';
}

/** MediaWiki's name for a wiki's SQLite file. */
export function sqliteFileOf(folder: string, database: string): string {
  return join(folder, `${database}.sqlite`);
}

export function externalDatabaseOf(database: string): string {
  return `${database}_es`;
}

/** The whole LocalSettings.php of a test wiki. */
export function localSettings(bed: TestBed, database: string, flags: WikiFlags): string {
  const { user, password } = bed.mariadb.writer;
  const siteName = flags.siteName ?? database;
  const server = `localhost:${bed.mariadb.socket}`;
  const settings: Record<string, PhpValue> = {
    wgSitename: siteName,
    wgMetaNamespace: (siteName[0] ?? '').toUpperCase() + siteName.slice(1).replaceAll(' ', '_'),
    wgServer: `http://${database.replaceAll('_', '-')}.example`,
    wgScriptPath: '/w',
    wgArticlePath: '/wiki/$1',
    wgLanguageCode: flags.language ?? 'en',
    wgDBtype: 'mysql',
    wgDBserver: server,
    wgDBname: database,
    wgDBuser: user,
    wgDBpassword: password,
    wgDBTableOptions: 'ENGINE=InnoDB, DEFAULT CHARSET=binary',
    wgSecretKey: createHash('sha256').update(database).digest('hex'),
    wgMainCacheType: 0,
    wgMessageCacheType: 0,
    wgParserCacheType: 0,
    wgCacheDirectory: join(bed.folder, 'mediawiki-cache'),
    wgUploadDirectory: uploadFolder(bed, database),
    wgEnableUploads: flags.uploads ?? false,
    wgCompressRevisions: flags.compress ?? false,
    wgJobRunRate: 0,
    wgMaxArticleSize: 4096,
    wgDeleteRevisionsLimit: 5000,
  };
  if (flags.schemaVersion !== undefined) settings.wgXmlDumpSchemaVersion = flags.schemaVersion;
  if (flags.sqliteFolder !== undefined) {
    settings.wgDBtype = 'sqlite';
    settings.wgSQLiteDataDir = flags.sqliteFolder;
  }
  if (flags.external === true) {
    settings.wgExternalStores = ['DB'];
    settings.wgDefaultExternalStore = ['DB://cluster1'];
    const blobs = { host: server, dbname: externalDatabaseOf(database), user, password };
    settings.wgExternalServers = { cluster1: [{ ...blobs, type: 'mysql', flags: 16, load: 1 }] };
  }
  const rights = [
    'deleterevision',
    'deletelogentry',
    'suppressrevision',
    'viewsuppressed',
    'suppressionlog',
    'hideuser',
  ];
  return [
    '<?php',
    ...Object.entries(settings).map(([name, value]) => `$${name} = ${php(value)};`),
    ...rights.map((right) => `$wgGroupPermissions['sysop']['${right}'] = true;`),
    ...(flags.odd === true ? [oddSettings] : []),
    ...(flags.renames === true ? ["wfLoadExtension( 'Renameuser' );"] : []),
    '',
  ].join('\n');
}

export function uploadFolder(bed: TestBed, database: string): string {
  return join(bed.folder, 'images', database);
}

const oddSettings = `
$wgExtraNamespaces = [ 100 => 'Portal', 101 => 'Portal_talk', 102 => 'Lower', 103 => 'Lower_talk' ];
$wgCapitalLinkOverrides[102] = false;
$wgHooks['MediaWikiServices'][] = static function ( $services ) {
	$services->addServiceManipulator( 'SlotRoleRegistry', static function ( $registry ) {
		if ( !$registry->isDefinedRole( 'aux' ) ) {
			$registry->defineRoleWithModel( 'aux', CONTENT_MODEL_JSON );
		}
	} );
};`;

type PhpValue = string | number | boolean | readonly PhpValue[] | { readonly [key: string]: PhpValue };

function php(value: PhpValue): string {
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&')}'`;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[ ${value.map(php).join(', ')} ]`;
  return `[ ${Object.entries(value)
    .map(([key, item]) => `${php(key)} => ${php(item)}`)
    .join(', ')} ]`;
}

import type { Secret } from '../core/secret.ts';
import type { ChangesConfig } from './changes-config.ts';
import type { DatabaseAddress, SqliteAddress } from './database-config.ts';
import type { EnvironmentConfig } from './environment-config.ts';
import type { FullDumpJob, FullDumpSettings } from './full-dump-config.ts';
import type { MailAlerts } from './mail-config.ts';
import type {
  GroupConfig,
  PhabricatorConfig,
  PhabricatorLoadJob,
  ReportJob,
  ScopeFilesConfig,
} from './phabricator-config.ts';
import type { ScopeConfig } from './scope-config.ts';

/**
 * Everything one `rota.yaml` says, resolved: defaults filled in, paths absolute (those in the file are relative to its
 * folder), durations in milliseconds, sizes in bytes, secrets read and wrapped. Read-only.
 */
export interface FarmConfig {
  /** Absolute path of the file. */
  readonly file: string;
  /** The folder of the file, against which its paths are resolved. */
  readonly folder: string;
  /** What the farm is called on pages and in alerts. */
  readonly name: string;
  readonly output: { readonly public: OutputTree; readonly private: OutputTree };
  readonly store: StoreAddress;
  readonly lease: { readonly durationMs: number; readonly renewEveryMs: number };
  readonly monitor: { readonly everyMs: number };
  /** Limits that all workers share, by name: how many runs may hold each at once. */
  readonly slots: ReadonlyMap<string, number>;
  readonly web: WebConfig;
  /** Private key with which `ssh-keygen -Y sign` signs manifests; null: they are not signed. */
  readonly signingKey: string | null;
  readonly alerts: AlertsConfig;
  readonly log: { readonly level: LogLevel; readonly file: string | null };
  /** By name, in the order of the file. */
  readonly wikis: ReadonlyMap<string, WikiConfig>;
  /** By name, in the order of the file. */
  readonly environments: ReadonlyMap<string, EnvironmentConfig>;
  /** Null: there is no tracker to load. */
  readonly phabricator: PhabricatorConfig | null;
  /** By name. */
  readonly scopes: ReadonlyMap<string, ScopeConfig>;
  /** The files of those that have one of their own, absolute, by name. */
  readonly scopeSources: ReadonlyMap<string, string>;
  readonly scopeFiles: ScopeFilesConfig | null;
  readonly groups: ReadonlyMap<string, GroupConfig>;
  readonly jobs: {
    readonly fullDump: FullDumpJob;
    readonly changes: ChangesConfig;
    readonly phabricatorLoad: PhabricatorLoadJob;
    readonly report: ReportJob;
  };
}

export interface WebConfig {
  /** Where the public tree is on the web. */
  readonly rootUrl: string | null;
  /** Null: rota.yaml names no address, so `rota up` serves nothing. */
  readonly listen: ListenAddress | null;
  /** Names, beside those of this machine, by which the operators' pages may be asked. */
  readonly hosts: readonly string[];
}

export interface ListenAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

export interface OutputTree {
  readonly folder: string;
  /** Where attempts write before publication; on the file system of `folder`, outside both trees. */
  readonly workspaceFolder: string;
}

/** Where run control keeps its state. */
export type StoreAddress = SqliteAddress | EtcdAddress;

/** A cluster of etcd, for many machines. */
export interface EtcdAddress {
  readonly kind: 'etcd';
  readonly endpoints: readonly string[];
  /** All keys begin with it. */
  readonly prefix: string;
  readonly user: { readonly name: string; readonly password: Secret } | null;
  /** PEM files. */
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

export interface WikiConfig {
  /** The database name of the wiki, as it stands in file names: `frwiki`. */
  readonly name: string;
  readonly database: DatabaseAddress;
  /** $wgDBprefix; '' where tables have none. */
  readonly tablePrefix: string;
  readonly siteInfo: SiteInfoSource;
  /** Dumped to the private tree only; named in no public file. */
  readonly isPrivate: boolean;
  /** Nobody can edit it: full dumps go on, adds/changes dumps leave it out. */
  readonly isClosed: boolean;
  /** Cluster name (as in `DB://cluster1/5`) to its database. */
  readonly externalStores: ReadonlyMap<string, DatabaseAddress>;
  /** $wgLegacyEncoding: the encoding of texts without the flag `utf-8`; null for none. */
  readonly legacyEncoding: string | null;
  /** Folder of uploaded files ($wgUploadDirectory), for exports that include them. */
  readonly imagesFolder: string | null;
  /** Address of that folder; null for the usual one. */
  readonly imagesUrl: string | null;
  /** Default formats of content models that Rota does not know. */
  readonly contentModels: Readonly<Record<string, string>>;
  /** Wait while the replica is further behind than this; null: do not ask. */
  readonly maxReplicationLagMs: number | null;
  readonly tables: {
    /** Published beside the field's public tables. */
    readonly extra: readonly string[];
    /** Written to the private tree. */
    readonly private: readonly string[];
  };
  readonly logs: {
    /** Log types left out beside those known to be restricted. */
    readonly restrictedTypes: readonly string[];
    /** Log types of extensions that are declared public. */
    readonly publicTypes: readonly string[];
  };
  /** Names in {@link FarmConfig.slots} that a run on this wiki holds. */
  readonly slots: readonly string[];
  /** The job's settings with this wiki's own in their place. */
  readonly fullDump: FullDumpSettings;
}

export type SiteInfoSource =
  | { readonly kind: 'api'; readonly url: string }
  /** A saved answer of api.php (JSON), or a file that begins with a dump's <siteinfo>. */
  | { readonly kind: 'file'; readonly file: string };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export type AlertEvent = 'failed' | 'held' | 'stopped' | 'overdue' | 'disk';

export interface AlertsConfig {
  readonly events: readonly AlertEvent[];
  readonly webhook: { readonly url: string; readonly token: Secret | null } | null;
  readonly mail: MailAlerts | null;
}

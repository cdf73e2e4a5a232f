import type { Secret } from '../core/secret.ts';
import type { MysqlAddress } from './database-config.ts';
import type { ScheduleConfig } from './schedule-config.ts';

/** Ids of the projects that mark kinds of work; those of the best known tracker, unless rota.yaml says otherwise. */
export interface TagIds {
  readonly epic: number;
  readonly new: number;
  readonly maintenance: number;
  readonly category: number;
  readonly goal: number;
}

export const defaultTags: TagIds = { epic: 942, new: 1453, maintenance: 1454, category: 1656, goal: 2169 };

/** The tracker whose tasks are reported on. */
export interface PhabricatorConfig {
  /** The subject of its load. */
  readonly name: string;
  /** Where people see its tasks, without a final slash; null makes no links. */
  readonly url: string | null;
  readonly source: TrackerSourceConfig;
  readonly tags: TagIds;
  /** How many tasks may be damaged. */
  readonly tolerance: number;
  /** Share of tasks and bytes that a load may have lost since the last; null: any. */
  readonly shrinkGuard: number | null;
}

export type TrackerSourceConfig =
  | { readonly kind: 'dump-file'; readonly file: string }
  | { readonly kind: 'dump-url'; readonly url: string }
  /** The databases of Phorge or Phabricator: `<prefix>_maniphest` and `<prefix>_project`; the address names no database. */
  | {
      readonly kind: 'database';
      readonly address: MysqlAddress;
      readonly prefix: string;
      /** Also what only some may see. */
      readonly isAll: boolean;
    }
  | {
      readonly kind: 'conduit';
      readonly url: string;
      readonly token: Secret;
      readonly requestsPerSecond: number;
      /** Pasts come from transaction.search instead of the frozen method. */
      readonly isSearched: boolean;
      readonly isAll: boolean;
    };

/** Scope files of a folder, or of a git checkout that is brought up to date before each load. */
export interface ScopeFilesConfig {
  readonly folder: string;
  readonly pull: boolean;
}

export interface PhabricatorLoadJob extends ScheduleConfig {
  readonly slots: number;
  /** Loads that are kept. */
  readonly keep: number;
  /** How long a dump that has not changed is waited for. */
  readonly waitForMs: number;
  readonly pollEveryMs: number;
  readonly deadlineMs: number;
}

export interface ReportJob extends ScheduleConfig {
  readonly slots: number;
  /** Dated reports of each scope that are kept. */
  readonly keep: number;
  /** Share of a scope's tasks, 0 to 1: when so many more are in doubt than in the last report, it is held; null: never. */
  readonly qualityGuard: number | null;
  readonly heldForMs: number;
  readonly deadlineMs: number;
}

export interface GroupConfig {
  readonly title: string;
  /** Names of scopes, in their order. */
  readonly scopes: readonly string[];
}

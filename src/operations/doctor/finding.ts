import { catalogue, type ErrorCode } from '../../core/errors/catalogue.ts';
import { toRotaError } from '../../core/errors/rota-error.ts';

/** What only the doctor finds; for what fails while it looks there are the codes of the catalogue. */
export type FindingCode =
  | ErrorCode
  | 'ACCOUNT_MAY_WRITE'
  | 'ALERTS_TO_NOBODY'
  | 'ALERTS_UNREACHABLE'
  | 'CLOCK_WRONG'
  | 'DISK_NEARLY_FULL'
  | 'ETCD_LARGE'
  | 'ETCD_MEMBER_AWAY'
  | 'ETCD_NO_QUORUM'
  | 'ETCD_ONE_MEMBER'
  | 'ETCD_SEVERAL_CLUSTERS'
  | 'ETCD_SLOW'
  | 'ETCD_SPACE_USED_UP'
  | 'EXTERNAL_STORE_UNKNOWN'
  | 'FARM_PAUSED'
  | 'LAG_UNKNOWN'
  | 'LOG_TYPE_UNKNOWN'
  | 'NOBODY_MONITORS'
  | 'NOBODY_WORKS'
  | 'NODE_TOO_OLD'
  | 'PACKETS_SMALL'
  | 'PROGRAM_SLOW'
  | 'REPLICA_STOPPED'
  | 'SHARED_FOLDER_SLOW'
  | 'SHARED_FOLDER_UNFIT'
  | 'SHARED_HOST_AWAY'
  | 'SITEINFO_INCOMPLETE'
  | 'SITEINFO_OF_ANOTHER_WIKI'
  | 'STORE_NOT_WRITABLE'
  | 'TABLE_UNKNOWN'
  | 'TREES_NESTED'
  | 'TREE_NO_FOLDER'
  | 'TREE_NOT_WRITABLE'
  | 'TREE_OPEN_TO_ALL'
  | 'TREE_OTHER_DISK';

/** What the doctor found in one place. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'fault';
  /** `programs`, `trees`, `store`, `wiki frwiki` … */
  readonly area: string;
  /** What kind of warning or fault, for programs. */
  readonly code?: FindingCode;
  /** What is so, in one sentence. */
  readonly what: string;
  /** How to mend it; with warnings and faults. */
  readonly remedy?: string;
}

export function ok(area: string, what: string): Finding {
  return { level: 'ok', area, what };
}

export function warning(area: string, code: FindingCode, what: string, remedy: string): Finding {
  return { level: 'warning', area, code, what, remedy };
}

export function fault(area: string, code: FindingCode, what: string, remedy: string): Finding {
  return { level: 'fault', area, code, what, remedy };
}

/** A failure as a finding: the catalogue says how to mend it. */
export function faultOf(area: string, error: unknown): Finding {
  const known = toRotaError(error, 'INTERNAL', (cause) => cause);
  return fault(area, known.code, `${known.code}: ${known.message}`, catalogue[known.code].remedy);
}

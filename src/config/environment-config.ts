import type { DeployCheck } from './environment-checks-config.ts';
import type { EnvironmentContent, VariableValue } from './environment-content-config.ts';
import type { PoolAccess, PoolName, PoolSettings } from './environment-pools-config.ts';
import type { RecipeSettings } from './environment-recipe-config.ts';
import type { TransferSettings } from './environment-transfer-config.ts';
import type { MailAlerts } from './mail-config.ts';

/** Where code is deployed, and how: one entry of `environments:`. */
export interface EnvironmentConfig {
  readonly name: string;
  /** The staging tree on this machine. */
  readonly source: string;
  /** Where the code lies on a target: an absolute path, which becomes a symbolic link. */
  readonly path: string;
  /** The bare repository with all versions, on this machine. */
  readonly repository: string;
  /** What hosts know a version by: git, or lists of the files that rsync brought (`transport`). */
  readonly holds: 'git' | 'files';
  /** In the order of the file; none as long as they have not been read from `hostPool`. */
  readonly hosts: readonly TargetHost[];
  /** In the order in which they are switched; every host is in exactly one. */
  readonly groups: readonly HostGroup[];
  /** Where hosts are known from when a deployment begins; null: rota.yaml names them. */
  readonly hostPool: HostPool | null;
  readonly build: BuildSettings;
  /** What lies on hosts beside the version. */
  readonly content: EnvironmentContent;
  readonly ssh: SshSettings;
  readonly transfer: TransferSettings;
  /** Versions that stay on the targets, the current one included; at least 2. */
  readonly keep: number;
  readonly slots: SlotSettings;
  /** The longest that one step on one host may take. */
  readonly deadlineMs: number;
  readonly checks: readonly DeployCheck[];
  /** Pools that hosts leave while they are switched; null: there are none. */
  readonly pools: PoolSettings | null;
  /** Who is told of deployments. */
  readonly notify: NotifySettings;
  /** How its stages work. */
  readonly recipe: RecipeSettings;
  /** What is done on every host after its switch; null: nothing. */
  readonly restart: RestartSettings | null;
}

export interface TargetHost {
  /** Unique within the environment; how it is called in messages. */
  readonly name: string;
  readonly address: { readonly kind: 'ssh'; readonly destination: string } | { readonly kind: 'local' };
  /** Stands before the environment's path; '' but for hosts that share a file system with others. */
  readonly root: string;
  /** Hosts get things from a host of the same rack first; none when left out. */
  readonly rack?: string;
  /** Variables of templates for it; none when left out. */
  readonly vars?: Readonly<Record<string, VariableValue>>;
}

/** The pool in etcd that names an environment's hosts. */
export interface HostPool {
  readonly access: PoolAccess;
  /** A host of any of these takes part, unless it is `inactive`. */
  readonly pools: readonly PoolName[];
  /** As under `hosts`; `{host}` stands for the name in the pool. */
  readonly address: string;
  /** Folders in `address` are relative to this. */
  readonly folder: string;
  readonly groups: readonly DeclaredGroup[];
}

/** A group as rota.yaml has it, whichever hosts there are. */
export interface DeclaredGroup extends Omit<HostGroup, 'hosts' | 'failureLimit'> {
  /** Null: all hosts that no other group names. */
  readonly hosts: readonly string[] | null;
  /** A number of hosts, or, below 1, a share of the group. */
  readonly failureLimit: number;
}

export interface HostGroup {
  readonly name: string;
  readonly hosts: readonly string[];
  /** How many hosts are switched at once. */
  readonly batch: number;
  /** With more failed hosts than this the deployment stops, and goes back if it may. */
  readonly failureLimit: number;
  /** Whether a failure above the limit takes all touched hosts back to the version that they had. */
  readonly onFailure: 'rollback' | 'stop';
  /** How long the new version is watched before the next group begins. */
  readonly soakMs: number;
  /** Whether a person is asked before the next group begins. */
  readonly asks: boolean;
  /** How long is waited before the next group begins, unless somebody says stop. */
  readonly pauseMs: number;
}

export interface BuildSettings {
  /** Patterns of paths across whose changes nothing is taken back automatically. */
  readonly barriers: readonly string[];
  /** Patterns of paths that are no part of a version. */
  readonly ignore: readonly string[];
  /** Whether repositories in the tree may have changes that are not committed. */
  readonly requireClean: boolean;
  /** Patterns of paths that may be built although they look secret. */
  readonly allow: readonly string[];
}

export interface SshSettings {
  /** A file for `ssh -F`; null: the user's own. */
  readonly configFile: string | null;
  /** The program, with `sudo -n -u`, as whom everything on the target is done; null: who logs in. */
  readonly become: string | null;
  /** How long idle connections stay open for the next command. */
  readonly persistMs: number;
  readonly connectTimeoutMs: number;
}

export interface SlotSettings {
  /** A slot is used again only when it left service longer ago than this. */
  readonly minAgeMs: number;
  /** What to do with a slot when not all processes of the machine can be looked at. */
  readonly unseenProcesses: 'in-use' | 'ignore';
  /** Whether a spare slot is made in the background after a deployment. */
  readonly spare: boolean;
}

export interface NotifySettings {
  readonly webhook: string | null;
  /** A relay that takes lines. */
  readonly irc: { readonly host: string; readonly port: number } | null;
  /** By the mail server of `alerts`. */
  readonly mail: MailAlerts | null;
}

export interface RestartSettings {
  readonly command: string;
  readonly timeoutMs: number;
}

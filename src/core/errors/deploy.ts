import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of deployments. */
export const deployErrors = {
  ENVIRONMENT_UNKNOWN: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'rota.yaml has no environment of that name.',
    remedy: 'See `environments` in rota.yaml.',
  },
  VERSION_UNKNOWN: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'The environment has no version of that name.',
    remedy: 'See `rota deploy history ENVIRONMENT`.',
  },
  PLAN_UNKNOWN: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'There is no kept plan of that name on this deploy host.',
    remedy: 'Make one with `rota push --plan`.',
  },
  PLAN_STALE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A kept plan is no longer what would be done: hosts, the staging tree or settings differ.',
    remedy: 'Look at what differs, then make a new plan; nothing was sent or switched.',
  },
  SOURCE_UNFIT: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The staging tree holds something that cannot or should not be deployed.',
    remedy: 'Do what the message says; nothing was deployed.',
  },
  SOURCE_CHANGED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'The staging tree kept changing while it was read.',
    remedy: 'Stop what writes there, then try again; nothing was deployed.',
  },
  GIT_FAILED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'git failed on the repository of versions.',
    remedy: 'Look at what it said; the repository can be removed, then every target gets a full pack.',
  },
  MODULE_UNFIT: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'A module that rota.yaml names in place of a part of a deployment cannot be used.',
    remedy: 'See “Stages of your own” in the guide to deploying.',
  },
  LOCALISATION_FAILED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'MediaWiki’s localisation cache could not be made; nothing was deployed.',
    remedy:
      'Look at what PHP said; `localisation.settings` must be a LocalSettings.php that works without a database.',
  },
  HOST_UNREACHABLE: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A host could not be connected to.',
    remedy: 'Try `ssh HOST true` as the same user; the deployment asks no questions (BatchMode).',
  },
  HOST_KEY_CHANGED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A host shows another SSH key than before: it was replaced, or something stands between.',
    remedy: 'Find out why; then put its new key into known_hosts.',
  },
  HOST_LOST: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'The session with a host ended while it was needed.',
    remedy: 'Resume the deployment when the host answers again.',
  },
  TARGET_TIMEOUT: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A host did not finish a step within the deadline.',
    remedy:
      'Look at that host: when it was connecting, also at what the start-up files of its account do. `deadline` and `ssh.connectTimeout` of the environment can be raised.',
  },
  TARGET_PROTOCOL: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A host answered something that no program of ours writes.',
    remedy: 'Look at what its login shell prints and whether its disk or shell is damaged.',
  },
  TARGET_FAILED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A step on a host failed.',
    remedy: 'Look at what it said; then resume the deployment.',
  },
  TARGET_UNFIT: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A host lacks something that deployments need.',
    remedy: 'Install what the message names, or take the host out.',
  },
  TARGET_DISK_FULL: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A host has no room (bytes or inodes) for another version.',
    remedy: 'Make room there, then resume; what was begun is gone on with.',
  },
  TARGET_IS_FOLDER: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The path on a host is a folder and not a link that Rota made.',
    remedy: 'Move the folder away (or choose another path), then deploy.',
  },
  FOREIGN_STORE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A host was last deployed to from another run store, perhaps one that is still at work.',
    remedy: 'Deploy from there; if that store is gone for good, `rota deploy adopt ENVIRONMENT --reason …`.',
  },
  NOT_PREPARED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A host does not hold the version that it should switch to.',
    remedy: 'Deploy that version; a rollback to it sends it again.',
  },
  PROOF_FAILED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'The files on a host differ from the version right after they were written.',
    remedy: 'Look for what writes into PATH-cache there, and at its disk.',
  },
  PACK_DAMAGED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'What a host received is not what was sent.',
    remedy: 'Resume the deployment; if it happens again, look at the host’s disk and memory.',
  },
  DEPLOY_FAILED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'Too many hosts failed, so the deployment stopped; the message says what the hosts serve now.',
    remedy: 'Look at the hosts that it names; then `rota deploy resume` or `rota deploy rollback`.',
  },
  DEPLOY_ROLLED_BACK: {
    exit: exitStatus.failed,
    retryable: false,
    meaning:
      'Too many hosts failed, so all hosts that had the new version were taken back to the one before.',
    remedy: 'Look at the hosts that it names, mend the cause, and deploy again.',
  },
  DEPLOY_LOCKED: {
    exit: exitStatus.busy,
    retryable: true,
    meaning: 'Somebody has locked the environment against deployments.',
    remedy: 'Ask who holds the lock; `rota deploy unlock ENVIRONMENT` takes it away.',
  },
  POOLS_UNAVAILABLE: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'The etcd that holds the pools does not answer, or answers something else.',
    remedy: 'No further host was switched. Look at etcd, then `rota deploy resume`.',
  },
  POOL_HOSTS: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The pool that names the hosts of an environment has none, or not those that a group needs.',
    remedy: 'No host was touched. Look at the pool in etcd, and at `hosts` and `groups` in rota.yaml.',
  },
  POOL_FLOOR: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'So many hosts are out of a pool already that no other may leave it.',
    remedy:
      'No further host was switched. Bring hosts back (`rota deploy pools`), then `rota deploy resume`.',
  },
  POOL_DISAGREES: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A load balancer does not show a host as etcd says it.',
    remedy: 'Look at its state page; then `rota deploy resume`.',
  },
  HOST_OWES: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A host that owes the live version was to be put into its pools by hand.',
    remedy:
      'Bring it the version with `rota deploy catch-up ENVIRONMENT`; `--force` puts it in all the same.',
  },
  DRIFT_FOUND: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'What a host serves is not what was deployed.',
    remedy: 'Find out who changed it; `rota deploy repair ENVIRONMENT` restores it.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

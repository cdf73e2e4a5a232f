/** What a warning or fault of the doctor means in general, and what to do: for `rota explain` and the reference. */
export interface FindingEntry {
  readonly level: 'warning' | 'fault' | 'either';
  readonly meaning: string;
  readonly remedy: string;
}

/** What only the doctor finds, not what fails while it looks. */
export const findingCatalogue = {
  ACCOUNT_MAY_WRITE: {
    level: 'warning',
    meaning: 'The database account of a wiki may do more than read.',
    remedy: 'Make an account for Rota with SELECT on that database and nothing else.',
  },
  ALERTS_TO_NOBODY: {
    level: 'warning',
    meaning: 'rota.yaml names nobody who is told of failures.',
    remedy: 'Set alerts.webhook or alerts.mail.',
  },
  ALERTS_UNREACHABLE: {
    level: 'warning',
    meaning: 'The server by which operators are told of failures takes no connection.',
    remedy: 'Correct its address under alerts, or start that server.',
  },
  CLOCK_WRONG: {
    level: 'either',
    meaning:
      "This machine's clock cannot be right, has gone back since something was recorded, or differs from another's.",
    remedy: 'Set the clock, and keep all clocks of the farm with NTP.',
  },
  DISK_NEARLY_FULL: {
    level: 'warning',
    meaning: 'A disk of the trees has little room left.',
    remedy: 'Make room before the next dump: it is refused when it cannot fit.',
  },
  ETCD_LARGE: {
    level: 'warning',
    meaning: 'A member of etcd holds so much that it will come to its limit.',
    remedy: 'Compact and defragment it, and see who else writes there.',
  },
  ETCD_MEMBER_AWAY: {
    level: 'warning',
    meaning: 'A member of the etcd that rota.yaml names does not answer.',
    remedy: 'Look after etcd on that host, or take it out of store.etcd.',
  },
  ETCD_NO_QUORUM: {
    level: 'fault',
    meaning: 'Less than half of the members of etcd answer, or they have no leader: nobody can work.',
    remedy: 'Bring back more than half of the members.',
  },
  ETCD_ONE_MEMBER: {
    level: 'warning',
    meaning: 'Only one member of etcd is named: without it all work stops.',
    remedy: 'Run three members, and list all of them in store.etcd.',
  },
  ETCD_SEVERAL_CLUSTERS: {
    level: 'fault',
    meaning: 'The addresses in store.etcd belong to different clusters.',
    remedy: 'List the members of one cluster only; `etcdctl member list` names them.',
  },
  ETCD_SLOW: {
    level: 'warning',
    meaning: 'A member of etcd answers slowly.',
    remedy: 'Look at its disk: etcd needs a fast one.',
  },
  ETCD_SPACE_USED_UP: {
    level: 'fault',
    meaning: 'A member of etcd takes no writes because its space is used up.',
    remedy: 'Compact, defragment every member, then `etcdctl alarm disarm`.',
  },
  EXTERNAL_STORE_UNKNOWN: {
    level: 'fault',
    meaning: 'Texts of a wiki lie in an external store that rota.yaml does not name.',
    remedy: 'Add it under externalStores of the wiki.',
  },
  FARM_PAUSED: {
    level: 'warning',
    meaning: 'Somebody has paused the farm or a part of it, or told the workers to end.',
    remedy: '`rota resume` with that scope lets it go on.',
  },
  LAG_UNKNOWN: {
    level: 'warning',
    meaning: 'The account may not ask how far the replica is behind.',
    remedy: 'Grant it REPLICA MONITOR, or set maxReplicationLag: off.',
  },
  LOG_TYPE_UNKNOWN: {
    level: 'warning',
    meaning: 'A wiki has log types of which nobody has said whether they are public; they are left out.',
    remedy: 'Add them to publicLogTypes or restrictedLogTypes of the wiki.',
  },
  NOBODY_MONITORS: {
    level: 'warning',
    meaning: 'The process of a run is gone, and no monitor has noticed.',
    remedy: 'Start `rota monitor` or `rota up`; `rota run resume` takes a run up at once.',
  },
  NOBODY_WORKS: {
    level: 'warning',
    meaning: 'Runs could have gone on for more than an hour, and no worker is there.',
    remedy: 'Start `rota up` or `rota worker`, and see that its service is enabled.',
  },
  NODE_TOO_OLD: {
    level: 'fault',
    meaning: 'Rota needs a newer Node than the one that runs it.',
    remedy: 'Install Node 24 or later.',
  },
  PACKETS_SMALL: {
    level: 'warning',
    meaning: "The database server's max_allowed_packet is smaller than large texts.",
    remedy: 'Raise it to 64M on the server.',
  },
  PHP_STRATEGY_RISKY: {
    level: 'warning',
    meaning: 'What php.strategy of an environment needs may not hold on hosts, or could not be looked at.',
    remedy: 'See “opcache” in the guide to deploying; the finding says what to set.',
  },
  PHP_STRATEGY_UNFIT: {
    level: 'fault',
    meaning:
      'With php.strategy of an environment requests would fail, or old code be served, when hosts are switched.',
    remedy: 'See “opcache” in the guide to deploying; the finding says what to set.',
  },
  PROGRAM_SLOW: {
    level: 'warning',
    meaning: 'A compression program uses one core a file where another would use all.',
    remedy: 'Install lbzip2.',
  },
  REPLICA_STOPPED: {
    level: 'fault',
    meaning: 'The database that a wiki is read from is a replica that does not replicate.',
    remedy: 'Start replication, or read from another server.',
  },
  SHARED_FOLDER_SLOW: {
    level: 'warning',
    meaning: 'What one host writes into the shared folder is seen late by another.',
    remedy: 'Mount it with a shorter acdirmax, or with lookupcache=positive.',
  },
  SHARED_FOLDER_UNFIT: {
    level: 'fault',
    meaning: 'The shared folder is none, cannot be written, or does not do what publishing needs of it.',
    remedy: 'Name a folder that all hosts mount and may write; the finding says what failed.',
  },
  SHARED_HOST_AWAY: {
    level: 'fault',
    meaning: 'No second process could be had on the other host, or it does not see the shared folder.',
    remedy: 'See that ssh to it works, that Rota is at the same path there and that the tree is mounted.',
  },
  SITEINFO_INCOMPLETE: {
    level: 'warning',
    meaning: "The siteinfo of a wiki lacks something that a dump's head shows.",
    remedy: 'Give the address of api.php, or a saved answer of it.',
  },
  SITEINFO_OF_ANOTHER_WIKI: {
    level: 'warning',
    meaning: 'The siteinfo that rota.yaml names for a wiki tells of another one.',
    remedy: 'Correct siteinfo of the wiki in rota.yaml.',
  },
  STORE_NOT_WRITABLE: {
    level: 'fault',
    meaning: "The run store's file is not there and cannot be made.",
    remedy: 'Give its folder to the user that runs Rota.',
  },
  TABLE_UNKNOWN: {
    level: 'fault',
    meaning: 'rota.yaml names a table that the wiki does not have.',
    remedy: 'Correct the name or take it out.',
  },
  TREES_NESTED: {
    level: 'fault',
    meaning: 'One of the trees, or the work folder, lies within another.',
    remedy: 'Put them side by side: what is unfinished or private must not be served.',
  },
  TREE_NO_FOLDER: {
    level: 'fault',
    meaning: 'Something else than a folder is where a tree or its work folder should be.',
    remedy: 'Move what is there away.',
  },
  TREE_NOT_WRITABLE: {
    level: 'fault',
    meaning: 'A tree cannot be written, or is not there and cannot be made.',
    remedy: 'Make it, owned by the user that runs Rota.',
  },
  TREE_OPEN_TO_ALL: {
    level: 'warning',
    meaning: 'The private tree or a work folder can be read by everybody on this machine.',
    remedy: 'Take that right away with chmod; the finding gives the command.',
  },
  TREE_OTHER_DISK: {
    level: 'fault',
    meaning:
      'A tree and its work folder are on different file systems, so that publishing would not be a rename.',
    remedy: 'Set output.work to a folder on the file system of the tree.',
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;

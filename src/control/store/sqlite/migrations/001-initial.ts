/** Times are milliseconds since 1970; `…_mono` are milliseconds of the monotonic clock of the boot beside them. */
export const initial = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- A row stays when its lease is released, because its counter must never fall.
CREATE TABLE leases (
  key TEXT PRIMARY KEY,
  counter INTEGER NOT NULL,
  token TEXT,
  holder TEXT,
  boot_id TEXT,
  expires_mono INTEGER,
  renewed_mono INTEGER,
  renewed_at INTEGER,
  since_at INTEGER,
  lease_ms INTEGER
) WITHOUT ROWID;

CREATE TABLE subjects (
  job TEXT NOT NULL,
  subject TEXT NOT NULL,
  -- 0 never ended, 1 failed last, 2 done last: the order of claims; rank_at is the time of that.
  rank INTEGER NOT NULL,
  rank_at INTEGER NOT NULL,
  open_runs INTEGER NOT NULL DEFAULT 0,
  latest_run TEXT,
  PRIMARY KEY (job, subject)
) WITHOUT ROWID;
CREATE INDEX subjects_turn ON subjects (rank, rank_at, job, subject) WHERE open_runs > 0;

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  job TEXT NOT NULL,
  subject TEXT NOT NULL,
  date TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  state TEXT NOT NULL,
  open INTEGER NOT NULL,
  reason TEXT,
  error_code TEXT,
  error_message TEXT,
  retry_at INTEGER,
  held_until INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  stops INTEGER NOT NULL DEFAULT 0,
  request TEXT,
  paused_by TEXT,
  parameters TEXT,
  progress TEXT,
  holder TEXT,
  -- The same as in run_slots and run_needs, which are there to be searched.
  slots TEXT NOT NULL DEFAULT '[]',
  needs TEXT NOT NULL DEFAULT '[]',
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER
) WITHOUT ROWID;
CREATE INDEX runs_open ON runs (job, subject, due_at, id) WHERE open = 1;
CREATE INDEX runs_by_subject ON runs (job, subject, due_at, id);
CREATE INDEX runs_by_state ON runs (state, created_at, id);
CREATE INDEX runs_by_job ON runs (job, created_at, id);
CREATE INDEX runs_by_time ON runs (created_at, id);
CREATE INDEX runs_by_end ON runs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX runs_held ON runs (held_until) WHERE state = 'held';

CREATE TABLE run_slots (run TEXT NOT NULL, slot TEXT NOT NULL, PRIMARY KEY (run, slot)) WITHOUT ROWID;
CREATE TABLE run_needs (run TEXT NOT NULL, needs TEXT NOT NULL, PRIMARY KEY (run, needs)) WITHOUT ROWID;

CREATE TABLE stages (
  run TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL,
  reason TEXT,
  error_code TEXT,
  error_message TEXT,
  retry_at INTEGER,
  summary TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  PRIMARY KEY (run, epoch, name)
) WITHOUT ROWID;

CREATE TABLE sets (
  run TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  decided_by TEXT,
  PRIMARY KEY (run, epoch, name)
) WITHOUT ROWID;

CREATE TABLE transitions (
  number INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  stage TEXT,
  from_state TEXT,
  to_state TEXT NOT NULL,
  at INTEGER NOT NULL,
  host TEXT,
  pid INTEGER,
  token TEXT,
  reason TEXT
);
CREATE INDEX transitions_by_run ON transitions (run, number);

CREATE TABLE pieces (
  run TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  stage TEXT NOT NULL,
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  weight REAL NOT NULL,
  data TEXT,
  -- open (also while leased), failed, committed
  state TEXT NOT NULL,
  counter INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  retry_at INTEGER,
  error_code TEXT,
  error_message TEXT,
  token TEXT,
  holder TEXT,
  boot_id TEXT,
  expires_mono INTEGER,
  lease_ms INTEGER,
  path TEXT,
  size_bytes INTEGER,
  sha256 TEXT,
  result TEXT,
  PRIMARY KEY (run, epoch, stage, id)
) WITHOUT ROWID;
CREATE INDEX pieces_turn ON pieces (run, epoch, stage, weight DESC, position) WHERE state = 'open';

CREATE TABLE pointers (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  token TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE due (key TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pauses (scope TEXT PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL) WITHOUT ROWID;
`;

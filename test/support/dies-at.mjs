// Loaded before a program (`--import`): it ends as by `kill -9` when it prints that the stage ROTA_TEST_DIES_AT has begun,
// or so many milliseconds of its own work later. A blow from outside may come late, when the program has ended.
const stage = process.env.ROTA_TEST_DIES_AT;
const afterMs = Number(process.env.ROTA_TEST_DIES_AFTER_MS ?? 0);
const { write } = process.stdout;

process.stdout.write = function (text, ...rest) {
  const isTaken = write.call(this, text, ...rest);
  if (isBeginning(String(text))) {
    if (afterMs === 0) die();
    else setTimeout(die, afterMs);
  }
  return isTaken;
};

function isBeginning(text) {
  if (!text.includes('"stage-started"')) return false;
  const { type, stage: begun } = JSON.parse(text);
  return type === 'stage-started' && begun === stage;
}

function die() {
  process.kill(process.pid, 'SIGKILL');
}

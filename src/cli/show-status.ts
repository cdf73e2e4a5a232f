import { farmJobs } from '../composition/jobs.ts';
import { storeIsThere } from '../composition.ts';
import { wikiNamed } from '../config/wiki-named.ts';
import type { RunStore } from '../control/store/run-store.ts';
import { StoreWatch } from '../control/store-watch.ts';
import { isRotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { type FarmStatus, readFarmStatus } from '../operations/status/farm-status.ts';
import type { Cli } from './cli.ts';
import { statusText } from './output/status-text.ts';
import { withStoreToRead } from './with-store.ts';

/** Shown anew after a change, but no more often than this … */
const restMs = 500;
/** … and no less often: times go by, and leases end. */
const watchEveryMs = 10_000;

export async function showStatus(
  cli: Cli,
  names: readonly string[],
  options: { readonly watch?: boolean },
): Promise<ExitStatus> {
  const { store: address } = await cli.farm();
  const isThere = storeIsThere(address);
  const exit = await withStoreToRead(cli, async ({ config, store, known: { subjects } }) => {
    for (const name of names) if (!subjects.has(name)) wikiNamed(config, name);
    const only = names.length === 0 ? {} : { only: names };
    const read = () => readFarmStatus({ config, jobs: farmJobs, store, clock: cli.clock, ...only });
    if (options.watch && isThere) await watch(cli, store, read);
    else print(cli, await read());
    return exitStatus.done;
  });
  if (options.watch !== true || isThere) return exit;
  // Watched as soon as there is one.
  while (!storeIsThere(address) && !cli.signal.aborted)
    await cli.clock.sleep(restMs, cli.signal).catch(() => {});
  return cli.signal.aborted ? exit : await showStatus(cli, names, options);
}

/** Until Ctrl-C; a store that cannot be reached is waited for. */
async function watch(cli: Cli, store: RunStore, read: () => Promise<FarmStatus>): Promise<void> {
  using changes = new StoreWatch({ store, signal: cli.signal });
  let isAway = false;
  while (!cli.signal.aborted) {
    try {
      show(cli, await read());
      isAway = false;
    } catch (error) {
      if (!isRotaError(error, 'STORE_UNAVAILABLE', 'STORE_BUSY')) throw error;
      if (!isAway && !cli.signal.aborted) cli.out.remark(`${error.message}; shown again when it answers`);
      isAway = true;
    }
    await cli.clock.sleep(restMs, cli.signal).catch(() => {});
    await changes.changed(watchEveryMs);
  }
}

function print(cli: Cli, status: FarmStatus): void {
  const { out } = cli;
  if (out.json) for (const subject of status.subjects) out.line(subject, '');
  else out.text(statusText(status, out.widthChars, out.color).join('\n'));
}

/** On a terminal in place of the picture before, as many lines as fit. */
function show(cli: Cli, status: FarmStatus): void {
  const { out, io } = cli;
  if (!out.isInteractive) {
    print(cli, status);
    return;
  }
  const { rows = 24 } = io.stdout as { readonly rows?: number };
  const lines = [
    `${status.at.toISOString().slice(0, 19)}Z`,
    ...statusText(status, out.widthChars, out.color),
  ];
  const shown =
    lines.length < rows ? lines : [...lines.slice(0, rows - 2), `… ${lines.length - rows + 2} lines more`];
  io.stdout.write(`\x1b[H${shown.map((line) => `${line}\x1b[K`).join('\n')}\n\x1b[J`);
}

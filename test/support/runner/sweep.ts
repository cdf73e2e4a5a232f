import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const prefix = 'rota-bed-';
const ownerFile = 'runner.pid';

/** The name under which a run's folder is made, and the file in it that names the owner; so a later run finds orphans. */
export const bedFolder = { prefix, ownerFile };

/** Ends every process that was started with this bed in its environment: nothing of a test outlives the run. */
export function endProcessesOf(bedFile: string): void {
  endProcessesWith(`ROTA_TEST_BED=${bedFile}`);
}

/** Ends every other process that was started with this variable and value in its environment. */
export function endProcessesWith(mark: string): void {
  for (const path of globSync('/proc/[0-9]*')) {
    const pid = Number(basename(path));
    if (pid === process.pid || pid === process.ppid || !environmentOf(pid).includes(mark)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended between the two looks.
    }
  }
}

/** Ends what an earlier run left that was itself killed, and removes its folder. Other users' are left alone. */
export function sweepOrphans(): void {
  for (const folder of globSync(join(tmpdir(), `${prefix}*`))) {
    try {
      const owner = readFileSync(join(folder, ownerFile), 'utf8').trim();
      if (owner === processIdentity(Number.parseInt(owner, 10))) continue;
      endProcessesOf(join(folder, 'bed.json'));
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Being made at this moment, or not ours.
    }
  }
}

/** A process id alone may have been used again: its start time (clock ticks since boot) makes it one of a kind. */
export function processIdentity(pid: number): string {
  if (!existsSync(`/proc/${pid}/stat`)) return existsSync('/proc/self') ? '' : String(pid);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return `${pid} ${afterName[19]}`;
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

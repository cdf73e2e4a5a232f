import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { appears } from '../support/appears.ts';
import { findProgram, requires } from '../support/requirements.ts';
import { localHosts, makeDeployFarm } from './deploy-farm.ts';

const entry = resolve(import.meta.dirname, '../../bin/rota.mjs');
export const terminalMissing =
  requires('git') ||
  (findProgram('script') === undefined ? 'needs script (apt-get install bsdutils)' : false);

/** A command at a terminal of its own, which ends when the terminal is closed. */
export function atTerminal(folder: string, ...args: readonly string[]) {
  const words = [process.execPath, entry, ...args].map((word) => `'${word}'`).join(' ');
  // Without `exec` dash stays, gets the Ctrl-C as well, and says 130 whatever the command ends with (bash does not).
  const child = spawn(findProgram('script') ?? 'script', ['-qefc', `exec ${words}`, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return {
    child,
    /** All that the terminal has shown so far. */
    get shown() {
      return shown;
    },
    type: (text: string) => child.stdin.write(text),
    shows: async (pattern: RegExp) => {
      await until(
        async () => pattern.test(shown),
        () => `${pattern} in ${JSON.stringify(shown)}`,
      );
    },
    ended: once(child, 'exit').then(([code]) => code as number | null),
  };
}

/** A farm of two groups whose first waits in its restart until `gate` is there. */
export async function gatedFarm(folder: string, more: object = {}) {
  const [begun, gate] = [`${folder}/begun`, `${folder}/gate`];
  const command = `: >'${begun}'; while [ ! -e '${gate}' ]; do sleep 0.05; done`;
  const groups = [{ name: 'canary', hosts: ['h1'], ...more }, { name: 'all' }];
  const farm = await makeDeployFarm(folder, localHosts(folder, 2), { groups, restart: { command } });
  await farm.write('index.php', 'one');
  return {
    farm,
    open: () => writeFile(gate, ''),
    begun: () => appears(begun),
  };
}

async function until(isSo: () => Promise<boolean>, what: () => string): Promise<void> {
  for (const endAt = Date.now() + 120_000; Date.now() < endAt; await pause(20)) if (await isSo()) return;
  throw new Error(`waited in vain for ${what()}`);
}

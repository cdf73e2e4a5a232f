// docs/tutorial.md as a newcomer follows it: a clean copy of the project, an empty home, every command of its blocks of
// shell, one after the other, with the exit status and the output that the page promises.
import assert from 'node:assert/strict';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { temporaryFolder } from '../support/temporary-folder.ts';

const project = resolve(import.meta.dirname, '../..');
/** What a clone does not have. */
const ownOnly = new Set(['node_modules', 'build', '.git', '.rota-demo', '.rota-demo.lock']);

interface Step {
  readonly commands: readonly Command[];
  /** Parts of what they print, in this order. */
  readonly told: readonly string[];
}

interface Command {
  readonly text: string;
  readonly status: number;
  readonly untilInterrupted: boolean;
}

test('every command of the tutorial does what the page says', async (t) => {
  await using folder = await temporaryFolder('tutorial');
  await cp(project, folder.in('rota'), {
    recursive: true,
    filter: (path) => !ownOnly.has(basename(path)),
  });
  await mkdir(folder.in('home'));
  const { stdout: cache } = await execa('npm', ['config', 'get', 'cache']);
  const at = { cwd: folder.in('rota'), path: process.env.PATH ?? '' };
  const steps = stepsOf(await readFile(folder.in('rota', 'docs', 'tutorial.md'), 'utf8'));
  assert.ok(steps.length >= 7);
  for (const { commands, told } of steps) {
    let printed = '';
    for (const { text, status, untilInterrupted } of commands) {
      t.diagnostic(`$ ${text}`);
      const script = `exec 2>&1\n${text}\nstatus=$?; printf '%s\\n%s' "$PWD" "$PATH" >&3; exit $status`;
      const child = execa('bash', ['-c', script], {
        cwd: at.cwd,
        env: {
          HOME: folder.in('home'),
          PATH: at.path,
          NO_COLOR: '1',
          npm_config_cache: cache.trim(),
          npm_config_prefer_offline: 'true',
          npm_config_audit: 'false',
        },
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        all: true,
        reject: false,
        detached: untilInterrupted,
        timeout: 300_000,
      });
      // Ctrl-C goes to all that runs in the terminal; what serves says so first.
      if (untilInterrupted) child.all.once('data', () => process.kill(-(child.pid ?? 0), 'SIGINT'));
      const result = await child;
      printed += `${result.all}\n`;
      if (untilInterrupted) assert.ok([0, 130].includes(result.exitCode ?? -1), `${text}\n${result.all}`);
      else assert.equal(result.exitCode, status, `${text}\n${result.all}`);
      const [cwd, path] = String(result.stdio[3] ?? '').split('\n');
      if (cwd !== undefined && cwd !== '' && path !== undefined) Object.assign(at, { cwd, path });
    }
    let from = 0;
    const flat = printed.replaceAll(/\s+/g, ' ');
    for (const part of told) {
      const found = flat.indexOf(part, from);
      assert.ok(
        found >= 0,
        `"${part}" is not printed, or too early, by\n${commands.map(({ text }) => text).join('\n')}\n${printed}`,
      );
      from = found + part.length;
    }
  }
});

/** Blocks marked `sh`, each with the block marked `text` right below it. */
function stepsOf(page: string): readonly Step[] {
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```\n(?:```text\n([\s\S]*?)^```\n)?/gm)].map(
    ([, commands = '', told = '']) => ({
      commands: linesOf(commands).map((line) => {
        const [text = '', note = ''] = line.split(/\s{4}# /);
        return {
          text,
          status: Number(/exit status (\d+)/.exec(note)?.[1] ?? 0),
          untilInterrupted: note.includes('until Ctrl-C'),
        };
      }),
      told: linesOf(told).map((line) => line.trim().replaceAll(/\s+/g, ' ')),
    }),
  );
}

function linesOf(block: string): readonly string[] {
  return block.split('\n').filter((line) => line.trim() !== '');
}

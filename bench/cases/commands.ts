import { join } from 'node:path';
import type { Command } from '../measure/run-command.ts';
import { type BenchWiki, type Setting, shellWords } from '../setting/setting.ts';

const entry = join(import.meta.dirname, '..', '..', 'bin', 'rota.mjs');

/** Rota as a user starts it. Status 3: done, but something could not be read. */
export function rota(setting: Setting, ...args: readonly string[]): Command {
  return rotaIn(setting.farmFolder, ...args);
}

/** The same in a folder with a rota.yaml. */
export function rotaIn(cwd: string, ...args: readonly string[]): Command {
  return { program: process.execPath, args: [entry, ...args], cwd, statuses: [0, 3] };
}

/** One of MediaWiki's scripts. In the words of the wiki's command `{script}` is the script, or it comes last. */
export function maintenance(wiki: BenchWiki, script: string, ...args: readonly string[]): Command {
  const words = wiki.maintenance.args.map((word) => word.replaceAll('{script}', script));
  const named = wiki.maintenance.args.some((word) => word.includes('{script}'));
  return { ...wiki.maintenance, args: [...words, ...(named ? [] : [script]), ...args] };
}

/** Lines of shell, which stops at the first one that fails. */
export function shell(lines: readonly string[], env: Command['env'] = {}): Command {
  return { program: 'bash', args: ['-c', ['set -euo pipefail', ...lines].join('\n')], env };
}

export const words = (command: Command): string => shellWords([command.program, ...command.args]);

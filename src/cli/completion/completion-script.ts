import { bashScript } from './bash.ts';
import type { CommandEntry } from './command-table.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

const scripts: Readonly<Record<Shell, (table: readonly CommandEntry[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** A script for the shell to read at its start. */
export function completionScript(shell: Shell, table: readonly CommandEntry[]): string {
  return scripts[shell](table);
}

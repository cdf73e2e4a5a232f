import type { Command, Option } from 'commander';
import { ManualClock } from '../../core/manual-clock.ts';
import { commands } from '../commands/index.ts';
import { makeProgram } from '../program.ts';

/** The program with all its commands, to be described. */
export function allCommands(): Command {
  return makeProgram({
    io: { stdout: process.stdout, stderr: process.stderr, env: {}, cwd: '/' },
    clock: new ManualClock(),
    signal: new AbortController().signal,
    version: '',
    commands,
  }).program;
}

export function visible(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
}

export function usageOf(command: Command): string {
  const children = visible(command).length > 0 ? ' [command]' : '';
  const options = visibleOptions(command).length > 0 ? ' [options]' : '';
  const values = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
    return argument.required ? ` <${name}>` : ` [${name}]`;
  });
  return `${wordsOf(command).join(' ')}${options}${children}${values.join('')}`;
}

export function wordsOf(command: Command): readonly string[] {
  return command.parent === null ? [command.name()] : [...wordsOf(command.parent), command.name()];
}

export function visibleOptions(command: Command): readonly Option[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => option.long !== '--help' || command.parent === null);
}

export function meaningOf({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? '' : ` One of: ${argChoices.join(', ')}.`;
  const isTold = defaultValue !== undefined && typeof defaultValue !== 'boolean';
  const fallback = isTold ? ` Default: ${defaultValue}.` : '';
  return `${sentence(description)}${choices}${fallback}`;
}

export function sentence(words: string): string {
  const first = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?)]$/.test(first) || first === '' ? first : `${first}.`;
}

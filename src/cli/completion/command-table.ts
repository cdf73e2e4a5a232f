import type { Command } from 'commander';

/** A command as completions and reference pages need it. */
export interface CommandEntry {
  /** Words after `rota`; [] for the program itself. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionEntry[];
  /** What may stand next: subcommands, or the choices of the first argument. */
  readonly next: readonly { readonly word: string; readonly summary: string }[];
}

export interface OptionEntry {
  /** `--config`, `-h`. */
  readonly flags: readonly string[];
  readonly summary: string;
  /** Its value follows as a word of its own. */
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** Every command that help shows, as one table; parents before children. */
export function commandTable(program: Command): readonly CommandEntry[] {
  return entriesOf(program, [], []);
}

function entriesOf(
  command: Command,
  words: readonly string[],
  inherited: readonly OptionEntry[],
): readonly CommandEntry[] {
  const help = command.createHelp();
  const own = help.visibleOptions(command).map((option) => ({
    flags: [option.long, option.short].filter((flag) => flag !== undefined && flag !== null),
    summary: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  }));
  const isNew = (option: OptionEntry) => !own.some((other) => other.flags[0] === option.flags[0]);
  const options = [...own, ...inherited.filter(isNew)];
  const children = help.visibleCommands(command);
  const choices = command.registeredArguments[0]?.argChoices ?? [];
  const next = [
    ...children.map((child) => ({ word: child.name(), summary: summaryOf(child) })),
    ...choices.map((word) => ({ word, summary: '' })),
  ];
  // The version is the program's alone; and only its options go with every command.
  const passedOn = words.length > 0 ? inherited : options.filter((option) => option.flags[0] !== '--version');
  return [
    { words, summary: summaryOf(command), options, next },
    ...children.flatMap((child) => entriesOf(child, [...words, child.name()], passedOn)),
  ];
}

function summaryOf(command: Command): string {
  return command.summary() || command.description();
}

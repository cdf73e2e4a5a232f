import type { Argument, Command, Option } from 'commander';
import { ManualClock } from '../../core/manual-clock.ts';
import { commands } from '../commands/index.ts';
import { makeProgram } from '../program.ts';

/** docs/reference/cli.md. */
export function cliPage(): string {
  const { program } = makeProgram({
    io: { stdout: process.stdout, stderr: process.stderr, env: {}, cwd: '/' },
    clock: new ManualClock(),
    signal: new AbortController().signal,
    version: '',
    commands,
  });
  const shown = visible(program);
  const overview = shown.map((command) => `| ${linkTo(command)} | ${cell(command.summary())} |`).join('\n');
  const sections = shown.flatMap((command) => [command, ...visible(command)]).map(section);
  return `${intro}${optionsTable(program)}

| command | does |
|---|---|
${overview}

${sections.join('\n\n')}
`;
}

const intro = `# The command line

<!-- Made by \`npm run docs\` from src/cli/commands. Do not edit. -->

\`rota COMMAND --help\` prints what stands here. Data goes to standard output, everything else to standard error; exit
statuses and error codes are in [errors.md](errors.md). \`rota completion SHELL\` prints completions. In a clone of the
project the program is \`bin/rota.mjs\`.

These options go with every command:

`;

function visible(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
}

function section(command: Command): string {
  const words = wordsOf(command);
  const heading = `${words.length > 2 ? '###' : '##'} ${words.join(' ')}`;
  const parts = [
    heading,
    `\`${usageOf(command)}\``,
    text(command.description() || sentence(command.summary())),
  ];
  const described = command.registeredArguments.filter((argument) => argument.description !== '');
  if (described.length > 0) parts.push(described.map(argumentLine).join('\n'));
  const options = optionsTable(command);
  if (options !== '') parts.push(options);
  return parts.join('\n\n');
}

function usageOf(command: Command): string {
  const children = visible(command).length > 0 ? ' [command]' : '';
  const options = visibleOptions(command).length > 0 ? ' [options]' : '';
  const values = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
    return argument.required ? ` <${name}>` : ` [${name}]`;
  });
  return `${wordsOf(command).join(' ')}${options}${children}${values.join('')}`;
}

function wordsOf(command: Command): readonly string[] {
  return command.parent === null ? [command.name()] : [...wordsOf(command.parent), command.name()];
}

function visibleOptions(command: Command): readonly Option[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => option.long !== '--help' || command.parent === null);
}

function optionsTable(command: Command): string {
  const rows = visibleOptions(command).map(
    (option) => `| \`${option.flags.replaceAll('|', '\\|')}\` | ${cell(meaningOf(option))} |`,
  );
  return rows.length === 0 ? '' : ['| option | meaning |', '|---|---|', ...rows].join('\n');
}

function meaningOf({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? '' : ` One of: ${argChoices.join(', ')}.`;
  const isTold = defaultValue !== undefined && typeof defaultValue !== 'boolean';
  const fallback = isTold ? ` Default: ${defaultValue}.` : '';
  return `${sentence(description)}${choices}${fallback}`;
}

function argumentLine(argument: Argument): string {
  const choices = argument.argChoices === undefined ? '' : ` One of: ${argument.argChoices.join(', ')}.`;
  return `\`${argument.name()}\`: ${text(sentence(argument.description))}${choices}`;
}

function linkTo(command: Command): string {
  const words = wordsOf(command);
  return `[${words.join(' ')}](#${words.join('-')})`;
}

function sentence(words: string): string {
  const first = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?)]$/.test(first) || first === '' ? first : `${first}.`;
}

function cell(words: string): string {
  return text(words).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** What looks like a tag is one to a Markdown reader. */
function text(words: string): string {
  return words.replaceAll('<', '&lt;');
}

import type { Argument, Command } from 'commander';
import {
  allCommands,
  meaningOf,
  sentence,
  usageOf,
  visible,
  visibleOptions,
  wordsOf,
} from './command-texts.ts';

/** docs/reference/cli.md. */
export function cliPage(): string {
  const program = allCommands();
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

function optionsTable(command: Command): string {
  const rows = visibleOptions(command).map(
    (option) => `| \`${option.flags.replaceAll('|', '\\|')}\` | ${cell(meaningOf(option))} |`,
  );
  return rows.length === 0 ? '' : ['| option | meaning |', '|---|---|', ...rows].join('\n');
}

function argumentLine(argument: Argument): string {
  const choices = argument.argChoices === undefined ? '' : ` One of: ${argument.argChoices.join(', ')}.`;
  return `\`${argument.name()}\`: ${text(sentence(argument.description))}${choices}`;
}

function linkTo(command: Command): string {
  const words = wordsOf(command);
  return `[${words.join(' ')}](#${words.join('-')})`;
}

function cell(words: string): string {
  return text(words).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** What looks like a tag is one to a Markdown reader. */
function text(words: string): string {
  return words.replaceAll('<', '&lt;');
}

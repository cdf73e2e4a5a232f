import type { Command, Option } from 'commander';
import { catalogue } from '../../core/errors/catalogue.ts';
import { allCommands, meaningOf, usageOf, visible, visibleOptions, wordsOf } from './command-texts.ts';
import { exitMeanings } from './errors-page.ts';

/** docs/man/rota.1, for man(1). */
export function manPage(): string {
  const program = allCommands();
  const commands = visible(program).flatMap((command) => [command, ...visible(command)]);
  return `${[
    '.\\" Made by `npm run docs` from src/cli/commands. Do not edit.',
    '.TH ROTA 1 "" "Rota" "User Commands"',
    '.SH NAME',
    'rota \\- runs the recurring operations of a MediaWiki farm',
    '.SH SYNOPSIS',
    '.B rota',
    `${roff('[options] command [arguments]')}`,
    '.SH DESCRIPTION',
    roff(
      'Full dumps of every wiki, adds/changes dumps, burn-up reports from Phabricator and deployments of code, on one run control. Data goes to standard output, everything else to standard error.',
    ),
    '.SH OPTIONS',
    roff('These go with every command.'),
    ...optionList(program),
    '.SH COMMANDS',
    ...commands.flatMap(commandPart),
    '.SH EXIT STATUS',
    ...exitMeanings.flatMap(([status, meaning]) => ['.TP', `.B ${status}`, roff(meaning)]),
    '.SH ENVIRONMENT',
    ...pairs([
      ['ROTA_CONFIG', 'The rota.yaml of the farm, where --config does not name it.'],
      ['NO_COLOR', 'Where it is set and not empty, nothing is coloured.'],
    ]),
    '.SH FILES',
    ...pairs([['rota.yaml', 'The farm: in this folder or one above it. `rota init` writes one.']]),
    '.SH DIAGNOSTICS',
    roff(
      `A failure is printed as "rota: CODE: sentence". "rota explain CODE" explains each of the ${Object.keys(catalogue).length} codes.`,
    ),
  ].join('\n')}\n`;
}

function commandPart(command: Command): readonly string[] {
  const described = command.registeredArguments.filter((argument) => argument.description !== '');
  return [
    `.SS ${roff(wordsOf(command).join(' '))}`,
    `.B ${roff(usageOf(command))}`,
    '.PP',
    roff(command.description() || command.summary()),
    ...pairs(described.map((argument) => [argument.name(), argument.description])),
    ...optionList(command),
  ];
}

function optionList(command: Command): readonly string[] {
  return pairs(visibleOptions(command).map((option: Option) => [option.flags, meaningOf(option)]));
}

function pairs(list: readonly (readonly [string, string])[]): readonly string[] {
  return list.flatMap(([name, meaning]) => ['.TP', `.B ${roff(name)}`, roff(meaning)]);
}

/** Text as roff reads it as text, whatever the encoding: no escapes, no requests, hyphens that can be copied. */
function roff(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim().replaceAll('\\', '\\e').replaceAll('-', '\\-');
  const ascii = plain.replaceAll(
    /[^ -~]/gu,
    (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
  return ascii.replace(/^([.'])/, '\\&$1');
}

import type { CommandEntry, OptionEntry } from './command-table.ts';
import { fishQuoted } from './quote.ts';

/** One `complete` line for each thing that may stand somewhere. */
export function fishScript(table: readonly CommandEntry[]): string {
  const valued = new Set(
    table.flatMap((entry) => entry.options.filter((o) => o.takesValue).flatMap((o) => o.flags)),
  );
  const known = table
    .filter((entry) => entry.words.length > 0)
    .map((entry) => fishQuoted(entry.words.join(' ')));
  return `# Completions of rota for fish.
function __rota_at
    set -l path
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word ${[...valued].join(' ')}
            set skip 1
        else if not string match -q -- '-*' $word
            and contains -- "$path$word" ${known.join(' ')}
            set path "$path$word "
        end
    end
    test (string trim -- "$path ") = (string trim -- "$argv[1] ")
end
complete -c rota -e
${table.flatMap(linesOf).join('\n')}
`;
}

function linesOf(entry: CommandEntry): readonly string[] {
  const at = `complete -c rota -n ${fishQuoted(`__rota_at ${fishQuoted(entry.words.join(' '))}`)}`;
  return [
    ...entry.next.map(({ word, summary }) => `${at} -f -a ${fishQuoted(word)}${described(summary)}`),
    ...entry.options.map((option) => `${at}${flagsOf(option)}${described(option.summary)}`),
  ];
}

function flagsOf(option: OptionEntry): string {
  const flags = option.flags.map((flag) =>
    flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`,
  );
  const choices = option.choices.length === 0 ? '' : ` -xa ${fishQuoted(option.choices.join(' '))}`;
  const value = option.takesValue ? choices || ' -r' : '';
  return flags.join('') + value;
}

function described(summary: string): string {
  return summary === '' ? '' : ` -d ${fishQuoted(summary)}`;
}

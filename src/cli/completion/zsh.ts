import type { CommandEntry } from './command-table.ts';
import { quoted } from './quote.ts';

/** The same walk over the words as in bash, with descriptions beside what is offered. */
export function zshScript(table: readonly CommandEntry[]): string {
  const valued = new Set(
    table.flatMap((entry) => entry.options.filter((o) => o.takesValue).flatMap((o) => o.flags)),
  );
  const known = table.filter((entry) => entry.words.length > 0).map((entry) => quoted(entry.words.join(' ')));
  return `#compdef rota
# Completions of rota for zsh.
_rota() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} path_= word
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    case $word in
      ${[...valued].join('|') || '--'}) (( i++ )) ;;
      -*) ;;
      *) case "\${path_:+$path_ }$word" in ${known.join('|')}) path_="\${path_:+$path_ }$word" ;; esac ;;
    esac
  done
  case "$path_ $prev" in
${table.flatMap(valueCases).join('\n')}
  esac
  local -a next options
  case "$path_" in
${table.map(commandCase).join('\n')}
  esac
  if [[ $cur == -* ]]; then _describe option options
  elif (( $#next )); then _describe command next
  else _files
  fi
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then _rota "$@"; else compdef _rota rota; fi
`;
}

function valueCases(entry: CommandEntry): readonly string[] {
  return entry.options
    .filter((option) => option.takesValue)
    .map((option) => {
      const patterns = option.flags.map((flag) => quoted(`${entry.words.join(' ')} ${flag}`)).join('|');
      const offer =
        option.choices.length > 0 ? `compadd -- ${option.choices.map(quoted).join(' ')}` : '_files';
      return `    ${patterns}) ${offer}; return ;;`;
    });
}

function commandCase(entry: CommandEntry): string {
  const described = (word: string, summary: string) =>
    quoted(summary === '' ? word : `${word.replaceAll(':', '\\:')}:${summary}`);
  const next = entry.next.map(({ word, summary }) => described(word, summary));
  const options = entry.options.flatMap((option) =>
    option.flags.map((flag) => described(flag, option.summary)),
  );
  return `    ${quoted(entry.words.join(' '))}) next=(${next.join(' ')}) options=(${options.join(' ')}) ;;`;
}

import type { CommandEntry } from './command-table.ts';
import { quoted } from './quote.ts';

/** Finds out which command the words before the cursor name, then offers what that one has. */
export function bashScript(table: readonly CommandEntry[]): string {
  const valued = new Set(
    table.flatMap((entry) => entry.options.filter((o) => o.takesValue).flatMap((o) => o.flags)),
  );
  const known = table.filter((entry) => entry.words.length > 0).map((entry) => quoted(entry.words.join(' ')));
  return `# Completions of rota for bash.
_rota() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path= i word
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      ${[...valued].join('|') || '--'}) i=$((i + 1)) ;;
      -*) ;;
      *) case "\${path:+$path }$word" in ${known.join('|')}) path="\${path:+$path }$word" ;; esac ;;
    esac
  done
  case "$path $prev" in
${table.flatMap(valueCases).join('\n')}
  esac
  local next= options=
  case "$path" in
${table.map(commandCase).join('\n')}
  esac
  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -n $next ]]; then COMPREPLY=($(compgen -W "$next" -- "$cur"))
  else COMPREPLY=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _rota rota
`;
}

function valueCases(entry: CommandEntry): readonly string[] {
  return entry.options
    .filter((option) => option.takesValue)
    .map((option) => {
      const patterns = option.flags.map((flag) => quoted(`${entry.words.join(' ')} ${flag}`)).join('|');
      const offer =
        option.choices.length > 0
          ? `compgen -W ${quoted(option.choices.join(' '))} -- "$cur"`
          : 'compgen -f -- "$cur"';
      return `    ${patterns}) COMPREPLY=($(${offer})); return ;;`;
    });
}

function commandCase(entry: CommandEntry): string {
  const next = quoted(entry.next.map(({ word }) => word).join(' '));
  const options = quoted(entry.options.flatMap((option) => option.flags).join(' '));
  return `    ${quoted(entry.words.join(' '))}) next=${next} options=${options} ;;`;
}

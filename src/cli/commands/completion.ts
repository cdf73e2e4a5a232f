import { Argument } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import { commandTable } from '../completion/command-table.ts';
import { completionScript, type Shell, shells } from '../completion/completion-script.ts';

export const registerCompletion: RegisterCommand = (program, cli) => {
  program
    .command('completion')
    .summary('print completions for a shell')
    .description(
      'Prints completions for a shell. Try them with: eval "$(rota completion bash)", source <(rota completion zsh), or rota completion fish | source.',
    )
    .addArgument(new Argument('<shell>').choices(shells))
    .action(
      cli.action((shell: Shell) => {
        cli.out.text(completionScript(shell, commandTable(program)));
        return undefined;
      }),
    );
};

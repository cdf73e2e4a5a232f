import type { RegisterCommand } from '../command-module.ts';
import { explainError, listErrors } from '../explain-error.ts';

export const registerExplain: RegisterCommand = (program, cli) => {
  program
    .command('explain')
    .summary('explain an error code')
    .description('Explains an error code: what it means and what to do. Without a code, lists all.')
    .argument('[code]', 'such as CONFIG_INVALID')
    .action(
      cli.action((code: string | undefined) => {
        if (code === undefined) listErrors(cli.out);
        else explainError(cli.out, code);
        return undefined;
      }),
    );
};

import { Argument, Option } from 'commander';
import { type Role, roles } from '../../operations/access/roles.ts';
import type { RegisterCommand } from '../command-module.ts';

export const registerToken: RegisterCommand = (program, cli) => {
  const token = program.command('token').summary('make and take away access tokens of the web interface');

  token
    .command('add')
    .summary('make a token for somebody, and show it once')
    .description(
      'view: read where reading takes a token; operate: also resume, retry, pause, hold and cancel runs; approve: also ' +
        'approve and reject what is held. The token is kept as a hash only; what is done with it is in the audit log.',
    )
    .addArgument(new Argument('<name>', 'whose it is; it stands in histories and in the audit log'))
    .addOption(new Option('--role <role>', 'what it permits').choices([...roles]).default('view'))
    .action(
      cli.action(async (name: string, options: { readonly role: Role }) => {
        const { addToken } = await import('../change-tokens.ts');
        return await addToken(cli, name, options.role);
      }),
    );

  token
    .command('list')
    .summary('list whose tokens are valid')
    .action(cli.action(async () => (await import('../change-tokens.ts')).listTokens(cli)));

  token
    .command('revoke')
    .summary('take a token away; its sessions end')
    .addArgument(new Argument('<name>', 'whose'))
    .action(
      cli.action(async (name: string) => {
        const { revokeToken } = await import('../change-tokens.ts');
        return await revokeToken(cli, name);
      }),
    );
};

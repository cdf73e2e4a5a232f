import { Option } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { ServeOptions } from '../run-serve.ts';

export const registerServe: RegisterCommand = (program, cli) => {
  program
    .command('serve')
    .summary('serve the web pages and the published files')
    .description(
      'Shows operators the farm, its runs, reports and deployments, live, with both trees; on the loopback without a ' +
        'token, elsewhere with one. Acting on runs always takes a token (`rota token add`). With --public it serves the ' +
        'published tree and the status of public subjects to everybody, and nothing else.',
    )
    .option('--public', 'the public face only')
    .addOption(
      new Option(
        '--listen <host:port>',
        'where to listen; port 0: any free one (default: web.listen, else 127.0.0.1:8280)',
      ),
    )
    .action(
      cli.action(async (options: ServeOptions) => {
        const { runServe } = await import('../run-serve.ts');
        return await runServe(cli, options);
      }),
    );
};

import type { RegisterCommand } from '../command-module.ts';

interface InitOptions {
  readonly wiki?: string;
  readonly database?: string;
  readonly siteinfo?: string;
}

export const registerInit: RegisterCommand = (program, cli) => {
  program
    .command('init')
    .summary('write a rota.yaml to start from')
    .description(
      'Writes a commented rota.yaml into this folder (or where --config says). Nothing is overwritten.',
    )
    .option('--wiki <name>', 'name of a first wiki, such as frwiki')
    .option('--database <url>', 'its database: mysql://user@host/name, or sqlite:file')
    .option('--siteinfo <source>', 'URL of its api.php, or a file')
    .action(
      cli.action(async (options: InitOptions) => {
        const { writeStarter } = await import('../../config/starter/write-starter.ts');
        const { makeFolders } = await import('../../publish/files/make-folders.ts');
        // A variable that is set to nothing names nothing.
        const file = cli.global.config ?? (cli.io.env.ROTA_CONFIG || 'rota.yaml');
        const { written } = await writeStarter(file, options, cli.io.cwd, makeFolders);
        for (const path of written) cli.out.line({ written: path }, `wrote ${path}`);
        cli.out.remark('look it over, then: rota config check');
        return undefined;
      }),
    );
};

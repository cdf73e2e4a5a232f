import { Argument } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { ImportWikidumpOptions } from '../run-import-wikidump.ts';

export const registerImport: RegisterCommand = (program, cli) => {
  const group = program.command('import').summary('take over the configuration of an earlier program');
  group
    .command('phlogiston')
    .summary('turn Phlogiston’s scopes into scope files')
    .description(
      'Reads every PREFIX_scope.py and PREFIX_recategorization.csv of a folder and writes PREFIX.yaml for each. What has ' +
        'no counterpart is named with its line. Exit status 3 if a scope could not be taken over.',
    )
    .addArgument(new Argument('<folder>', 'its config folder'))
    .requiredOption('-o, --output <folder>', 'where the scope files go; none is overwritten')
    .option('--dry-run', 'only say what would be written')
    .action(
      cli.action(async (folder: string, options: { readonly output: string; readonly dryRun?: boolean }) => {
        const { runImportPhlogiston } = await import('../report/run-import-phlogiston.ts');
        return await runImportPhlogiston(cli, folder, options);
      }),
    );
  group
    .command('scap')
    .summary('turn Scap’s configuration of a repository into environments')
    .description(
      'Reads scap.cfg, checks.yaml, environments and lists of hosts of a repository and writes them as `environments:`. What ' +
        'has no counterpart is named with its line. Exit status 3 if there was anything.',
    )
    .addArgument(new Argument('<folder>', 'the repository, or its scap folder'))
    .requiredOption('-o, --output <file>', 'where it goes; nothing is overwritten')
    .option('--dry-run', 'only print what would be written')
    .action(
      cli.action(async (folder: string, options: { readonly output: string; readonly dryRun?: boolean }) => {
        const { runImportScap } = await import('../deploy/run-import-scap.ts');
        return await runImportScap(cli, folder, options);
      }),
    );
  group
    .command('wikidump.conf')
    .summary('turn a wikidump.conf into a rota.yaml')
    .description(
      'Reads the configuration of the dump scripts with the lists of wikis and the MySQL client’s file that it names, and ' +
        'writes rota.yaml. What has no counterpart is named with its line, as is what is no longer needed, with the reason. ' +
        'Passwords are not copied.',
    )
    .addArgument(new Argument('<file>', 'wikidump.conf'))
    .requiredOption('-o, --output <file>', 'where rota.yaml goes; nothing is overwritten')
    .option('--section <name>', 'the section whose keys go before the general ones')
    .option('--changes <file>', 'also the configuration of the adds/changes dumps')
    .option('--dry-run', 'only print what would be written')
    .action(
      cli.action(async (file: string, options: ImportWikidumpOptions) => {
        const { runImportWikidump } = await import('../run-import-wikidump.ts');
        return await runImportWikidump(cli, file, options);
      }),
    );
};

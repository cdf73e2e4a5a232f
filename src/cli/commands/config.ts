import type { RegisterCommand } from '../command-module.ts';

export const registerConfig: RegisterCommand = (program, cli) => {
  const config = program.command('config').summary('check, show and describe rota.yaml');

  config
    .command('check')
    .summary('list every fault of rota.yaml')
    .description('Lists every fault of rota.yaml with its place. Exit status 2 if there is one.')
    .action(cli.action(async () => (await import('../check-config.ts')).checkConfig(cli)));

  config
    .command('show')
    .summary('print what rota.yaml comes to')
    .description(
      'Prints the configuration with defaults filled in and paths made absolute; secrets are not shown.',
    )
    .action(
      cli.action(async () => {
        const farm = await cli.farm();
        const { showConfig } = await import('../../config/show-config.ts');
        cli.out.text(showConfig(farm, cli.global.json === true ? 'json' : 'yaml'));
        return undefined;
      }),
    );

  config
    .command('schema')
    .summary('print the JSON schema of rota.yaml, for editors')
    .action(
      cli.action(async () => {
        const { configJsonSchema } = await import('../../config/json-schema.ts');
        cli.out.text(JSON.stringify(configJsonSchema(), null, cli.global.json === true ? 0 : 2));
        return undefined;
      }),
    );
};

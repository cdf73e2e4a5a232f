import { Argument } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { DoctorOptions } from '../run-doctor.ts';

export const registerDoctor: RegisterCommand = (program, cli) => {
  program
    .command('doctor')
    .summary('look for what would go wrong, and say how to mend it')
    .description(
      'Looks at programs, versions, rota.yaml, clock, trees, disks, the run store, and each wiki: database, grants, ' +
        'tables, siteinfo, external stores, log types; and at the hosts of environments whose staging tree is here. It ' +
        'changes nothing. Exit status 0: all is well, 3: there are warnings (!), 1: there are faults (✗).',
    )
    .addArgument(new Argument('[wiki]', 'of the wikis only this one'))
    .option('--shared-dir <folder>', 'also try with two processes whether a shared folder is fit for trees')
    .option('--with-host <host>', 'with --shared-dir: the second process is on this host, reached by ssh')
    .action(
      cli.action(async (wiki: string | undefined, options: DoctorOptions) => {
        const { runDoctor } = await import('../run-doctor.ts');
        return await runDoctor(cli, wiki, options);
      }),
    );
};

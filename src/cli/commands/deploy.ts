import { Argument, Option } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { PushOptions, WorkOptions } from '../deploy/run-deployment.ts';
import type { LogOptions } from '../deploy/show-log.ts';
import { commaList } from './comma-list.ts';

const theEnvironment = () => new Argument('[environment]', 'an environment of rota.yaml (else the only one)');
const detach = () =>
  new Option('--detach', 'do it in a process of its own and return at once (see rota attach)');
const wait = () =>
  new Option(
    '--wait',
    'wait while somebody else deploys or has locked the environment, instead of exit status 75',
  );
const loadRun = () => import('../deploy/run-deployment.ts');
const loadPlan = () => import('../deploy/plan-push.ts');
const loadPools = () => import('../deploy/show-pools.ts');
const loadShow = () => import('../deploy/show-deployments.ts');

export const registerPush: RegisterCommand = (program, cli) => {
  program
    .command('push')
    .summary('deploy the code of an environment to its hosts')
    .description(
      'Makes a version of the staging tree, brings it to all hosts, and switches them group by group. Hosts that fail ' +
        'beyond a group’s limit stop it, and take what was switched back. Exit status 3: done, but not on every host; ' +
        '75: another deployment is under way.',
    )
    .addArgument(
      new Argument(
        '[environment]',
        'an environment of rota.yaml (else the only one), or a plan that was kept',
      ),
    )
    .addOption(
      new Option(
        '--plan',
        'only make a plan, and keep it: `rota push PLAN` then does exactly that or nothing',
      ).conflicts(['versionName', 'hold', 'yes', 'wait', 'detach', 'message']),
    )
    .option('--version-name <version>', 'deploy this version again, instead of the staging tree')
    .addOption(new Option('--to <groups>', 'switch only these groups (commas)').argParser(commaList))
    .option('--hold', 'wait after the groups of --to until `rota deploy promote`, instead of ending there')
    .option('-y, --yes', 'ask nobody between groups')
    .addOption(wait())
    .addOption(detach())
    .option('-m, --message <text>', 'why, for the history')
    .action(
      cli.action(
        async (
          name: string | undefined,
          options: PushOptions & { readonly versionName?: string; readonly plan?: boolean },
        ) => {
          const { versionName, plan, ...rest } = options;
          if (plan === true) return await (await loadPlan()).planPush(cli, name, rest);
          return await (await loadRun()).push(
            cli,
            name,
            versionName === undefined ? rest : { ...rest, version: versionName },
          );
        },
      ),
    );
};

export const registerDeploy: RegisterCommand = (program, cli) => {
  const deploy = program.command('deploy').summary('look into deployments, and take them back');

  deploy
    .command('status')
    .summary('show what every host serves now')
    .description('Asks all hosts. Exit status 3: not every host serves the live version unchanged.')
    .addArgument(theEnvironment())
    .action(cli.action(async (name?: string) => (await loadShow()).showStatus(cli, name)));

  deploy
    .command('plan')
    .summary('make a plan of a push and keep it, or show one that was kept')
    .description(
      'The same as `rota push --plan`: which hosts, which version, what is sent to each. Nothing is sent or named. Exit status ' +
        '3: hosts cannot be deployed to.',
    )
    .addArgument(
      new Argument(
        '[environment]',
        'an environment of rota.yaml (else the only one), or a plan that was kept',
      ),
    )
    .addOption(new Option('--to <groups>', 'only these groups (commas)').argParser(commaList))
    .action(
      cli.action(async (name: string | undefined, options: { readonly to?: readonly string[] }) =>
        (await loadPlan()).planPush(cli, name, options),
      ),
    );

  deploy
    .command('history')
    .summary('list deployments, newest first')
    .addArgument(theEnvironment())
    .option('--limit <n>', 'at most so many', '20')
    .action(
      cli.action(async (name: string | undefined, options: { readonly limit: string }) =>
        (await loadShow()).showHistory(cli, name, options),
      ),
    );

  deploy
    .command('rollback')
    .summary('take all hosts to the version before')
    .description(
      'Switches all hosts at once to the version that was served before, or to one that is named. After a push to some ' +
        'groups, or one that did not come to its end, that is the live version; after a rollback it must be named. What is ' +
        'still on the hosts is not sent again. A host that cannot be reached does not keep the others from it.',
    )
    .addArgument(theEnvironment())
    .option('--to <version>', 'this version (see history)')
    .addOption(wait())
    .addOption(detach())
    .option('-m, --message <text>', 'why, for the history')
    .action(
      cli.action(
        async (
          name: string | undefined,
          options: WorkOptions & { readonly to?: string; readonly message?: string },
        ) => (await loadRun()).rollback(cli, name, options),
      ),
    );

  deploy
    .command('verify')
    .summary('compare what every host serves with what was deployed')
    .addArgument(theEnvironment())
    .option('--content', 'read every file, instead of trusting size, times and inode')
    .action(
      cli.action(async (name: string | undefined, options: { readonly content?: boolean }) =>
        (await loadShow()).verifyHosts(cli, name, options),
      ),
    );

  deploy
    .command('resume')
    .summary('go on with the newest deployment where it stopped')
    .description(
      'After `rota deploy adopt`: with the one that was under way on the lost deploy host, as it was asked for there.',
    )
    .addArgument(theEnvironment())
    .addOption(wait())
    .addOption(detach())
    .action(
      cli.action(async (name: string | undefined, options: WorkOptions) =>
        (await loadRun()).resume(cli, name, options),
      ),
    );

  deploy
    .command('promote')
    .summary('let the newest deployment go on to the next groups')
    .description(
      'Past a group after which a person is asked (`pause: ask`); or, after `rota push --to GROUPS`, with the same version to ' +
        'all groups.',
    )
    .addArgument(theEnvironment())
    .option('-y, --yes', 'ask nobody between groups')
    .addOption(wait())
    .addOption(detach())
    .action(
      cli.action(async (name: string | undefined, options: WorkOptions) =>
        (await loadRun()).promote(cli, name, options),
      ),
    );

  const restore = (kind: 'repair' | 'catch-up', summary: string, description: string) =>
    deploy
      .command(kind)
      .summary(summary)
      .description(description)
      .addArgument(theEnvironment())
      .addOption(new Option('--hosts <hosts>', 'only these hosts (commas)').argParser(commaList))
      .addOption(wait())
      .option('-m, --message <text>', 'why, for the history')
      .action(
        cli.action(
          async (
            name: string | undefined,
            options: WorkOptions & { readonly hosts?: readonly string[]; readonly message?: string },
          ) => (await import('../deploy/run-restore.ts')).restore(cli, name, kind, options),
        ),
      );
  restore(
    'repair',
    'give hosts back what was changed on them',
    'Reads every file on every host. Where one differs, the version is made anew beside it and switched to: nothing is ' +
      'written into what is served. Groups to which another version went (push --to) keep that one.',
  );
  restore(
    'catch-up',
    'bring the live version to hosts that owe it',
    'For hosts that could not be reached, or failed, when it was deployed; or for those that are named.',
  );

  deploy
    .command('log')
    .summary('show what was done on hosts in a deployment')
    .description(
      'Every step on every host with its time, of the newest deployment or of one that is named. Filters combine.',
    )
    .addArgument(theEnvironment())
    .option('--run <run>', 'this deployment (see history)')
    .addOption(new Option('--host <hosts>', 'only these hosts (commas)').argParser(commaList))
    .option('--stage <stage>', 'only stages that begin so')
    .option('--step <step>', 'only steps that begin so')
    .option('--match <expression>', 'only what a regular expression finds (stage, host, step, code, message)')
    .option('--failed', 'only what failed')
    .option('--slower <seconds>', 'only what took at least so long')
    .option('--cost', 'what each step cost over all hosts, instead of single steps')
    .action(
      cli.action(async (name: string | undefined, options: LogOptions) =>
        (await import('../deploy/show-log.ts')).showLog(cli, name, options),
      ),
    );

  deploy
    .command('where')
    .summary('show which hosts serve a commit or a file')
    .description(
      'A commit (7 to 40 hexadecimal digits) of any git repository in the staging tree, or the path of a file: then also since ' +
        'which version it is so. Exit status 3: not every host has it.',
    )
    .addArgument(new Argument('<what>', 'a commit, or a path in the code'))
    .addArgument(theEnvironment())
    .action(
      cli.action(async (what: string, name?: string) =>
        (await import('../deploy/show-where.ts')).showWhere(cli, what, name),
      ),
    );

  deploy
    .command('pools')
    .summary('show hosts in the pools of their load balancers')
    .addArgument(theEnvironment())
    .action(cli.action(async (name?: string) => (await loadPools()).listPools(cli, name)));

  const setPooled = (command: string, summary: string) =>
    deploy
      .command(command)
      .summary(summary)
      .addArgument(theEnvironment())
      .addOption(
        new Option('--hosts <hosts>', 'these hosts (commas)').argParser(commaList).makeOptionMandatory(),
      );
  const pooling = (pooled: 'yes' | 'no') =>
    cli.action(
      async (
        name: string | undefined,
        { hosts, force = false }: { readonly hosts: readonly string[]; readonly force?: boolean },
      ) => (await loadPools()).changePools(cli, name, { hosts, pooled, force }),
    );
  setPooled('depool', 'take hosts out of their pools, as far as the floor allows').action(pooling('no'));
  setPooled('pool', 'put hosts into their pools, unless they owe the live version')
    .option('--force', 'whatever they serve')
    .action(pooling('yes'));

  deploy
    .command('lock')
    .summary('keep everybody from deploying to an environment')
    .addArgument(theEnvironment())
    .requiredOption('--reason <text>', 'told to whoever tries')
    .action(
      cli.action(async (name: string | undefined, options: { readonly reason: string }) =>
        (await import('../deploy/lock-environment.ts')).lockEnvironment(cli, name, options),
      ),
    );

  deploy
    .command('unlock')
    .summary('let people deploy again')
    .addArgument(theEnvironment())
    .action(
      cli.action(async (name?: string) =>
        (await import('../deploy/lock-environment.ts')).unlockEnvironment(cli, name),
      ),
    );

  deploy
    .command('adopt')
    .summary('take hosts over from a deploy host that is gone for good')
    .description(
      'The hosts refuse the other run store from then on, so first make sure that nothing deploys from there any more. What ' +
        'they serve, and which deployment was under way, is learnt from them: resume and rollback then need nothing of the old ' +
        'deploy host. Exit status 3: not every host could be taken over.',
    )
    .addArgument(theEnvironment())
    .requiredOption('--reason <text>', 'kept on every host')
    .addOption(wait())
    .action(
      cli.action(async (name: string | undefined, options: WorkOptions & { readonly reason: string }) =>
        (await loadRun()).adoptEnvironment(cli, name, options),
      ),
    );
};

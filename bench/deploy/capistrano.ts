import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { findProgram } from '../../test/support/requirements.ts';
import type { SshHosts } from '../../test/support/ssh-hosts.ts';
import { type Measurement, runCommand } from '../measure/run-command.ts';

/** Capistrano with its plain recipe on the same hosts and the same tree; null where it is not installed. */
export interface Capistrano {
  /** Commits what changed in the tree, unmeasured, then deploys it. */
  deploy(): Promise<Measurement>;
  rollback(): Promise<Measurement>;
}

/** @param code the tree, of which a git repository is made that hosts reach as a folder of this machine */
export async function openCapistrano(
  folder: string,
  code: string,
  hosts: SshHosts,
  net: string,
): Promise<Capistrano | null> {
  if (findProgram('cap') === null) return null;
  const project = join(folder, 'capistrano');
  const repository = join(project, 'code.git');
  await mkdir(join(project, 'config', 'deploy'), { recursive: true });
  const git = (...args: readonly string[]) =>
    execa(
      'git',
      [
        '--git-dir',
        repository,
        '--work-tree',
        code,
        '-c',
        'user.name=bench',
        '-c',
        'user.email=bench@localhost',
        ...args,
      ],
      {
        cwd: code,
      },
    );
  await git('init', '-q', '-b', 'main');
  await writeFile(
    join(project, 'Capfile'),
    "require 'capistrano/setup'\nrequire 'capistrano/deploy'\nrequire 'capistrano/scm/git'\ninstall_plugin Capistrano::SCM::Git\n",
  );
  const ssh = `{ config: ['${join(net, 'ssh_config')}'], keys: ['${join(net, 'key')}'], auth_methods: ['publickey'], verify_host_key: :never }`;
  await writeFile(
    join(project, 'config', 'deploy.rb'),
    `lock '~> 3.0'
set :application, 'bench'
set :repo_url, 'file://${repository}'
set :branch, 'main'
set :deploy_to, '${join(net, 'target', 'cap')}'
set :keep_releases, 3
set :format, :pretty
set :log_level, :error
set :ssh_options, ${ssh}
`,
  );
  const servers = hosts.names.map((host) => `server '${host}', roles: [:app]\n`).join('');
  await writeFile(join(project, 'config', 'deploy', 'production.rb'), servers);
  const cap = (...args: readonly string[]) =>
    runCommand(
      { program: 'cap', args: ['production', ...args], cwd: project, env: { ...hosts.env, HOME: project } },
      null,
    );
  return {
    deploy: async () => {
      await git('add', '-A', '-f', '.');
      await git('commit', '-q', '--allow-empty', '-m', 'a change');
      return await cap('deploy');
    },
    rollback: () => cap('deploy:rollback'),
  };
}

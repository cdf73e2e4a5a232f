import { thisProcess } from '../composition.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { Role } from '../operations/access/roles.ts';
import { AccessTokens } from '../operations/access/tokens.ts';
import type { Cli } from './cli.ts';
import { type StoreTools, withExistingStore, withStore, withStoreToRead } from './with-store.ts';

export async function addToken(cli: Cli, name: string, role: Role): Promise<ExitStatus> {
  return await withStore(cli, async (tools) => {
    const token = await tokensOf(cli, tools).add({ name, role, by: tools.by });
    cli.out.remark(`${name} may ${role}. This is the token; it is not shown again:`);
    cli.out.line({ name, role, token }, token);
    return exitStatus.done;
  });
}

export async function listTokens(cli: Cli): Promise<ExitStatus> {
  return await withStoreToRead(cli, async (tools) => {
    const tokens = await tokensOf(cli, tools).list();
    cli.out.table(
      [
        { title: 'name', value: (one) => one.name },
        { title: 'role', value: (one) => one.role },
        { title: 'since', value: (one) => one.createdAt.toISOString().slice(0, 16) },
        { title: 'by', value: (one) => one.createdBy },
      ],
      tokens,
      'nobody has a token; rota token add NAME makes one',
    );
    return exitStatus.done;
  });
}

export async function revokeToken(cli: Cli, name: string): Promise<ExitStatus> {
  return await withExistingStore(cli, async (tools) => {
    await tokensOf(cli, tools).revoke(name);
    cli.out.remark(`the token of ${name} is valid no more`);
    return exitStatus.done;
  });
}

function tokensOf(cli: Cli, { store }: StoreTools): AccessTokens {
  return new AccessTokens({ store, clock: cli.clock, holder: thisProcess(cli.clock, cli.version) });
}

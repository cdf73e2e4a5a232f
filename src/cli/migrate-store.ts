import { moveStore } from '../composition.ts';
import { describeStore } from '../config/describe-store.ts';
import { parseEtcdAddress, parseSqliteAddress } from '../config/parse-store-address.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { Cli } from './cli.ts';

export async function migrateStore(
  cli: Cli,
  fromText: string,
  toText: string | undefined,
): Promise<ExitStatus> {
  const { store } = await cli.farm();
  const from = parseSqliteAddress(fromText, cli.io.cwd);
  if (from === null) throw new RotaError('USAGE', `"${fromText}" is no store to move from: give sqlite:FILE`);
  const to = toText === undefined ? store : parseEtcdAddress(toText, store);
  if (to?.kind !== 'etcd') {
    throw new RotaError(
      'USAGE',
      toText === undefined
        ? 'rota.yaml names no etcd store: set `store: { etcd: […] }` there, or give etcd://HOST:PORT as the second argument'
        : `"${toText}" is no store to move to: give etcd://HOST:PORT,…/PREFIX`,
    );
  }
  const count = await moveStore(from, to, cli.clock);
  const place = describeStore(to);
  cli.out.line({ from: from.file, to: place, things: count }, `${count} things moved to ${place}`);
  if (store.kind === 'sqlite')
    cli.out.remark(
      `rota: now name it in ${(await cli.farm()).file}: store: { etcd: [${to.endpoints.join(', ')}], prefix: ${to.prefix} }`,
    );
  return exitStatus.done;
}

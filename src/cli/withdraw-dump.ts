import { wikiNamed } from '../config/wiki-named.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { datesToWithdraw, withdrawDate } from '../jobs/full-dump/withdrawal/withdraw-dates.ts';
import type { Cli } from './cli.ts';
import { confirm } from './confirm.ts';
import { openFarmOf } from './open-farm-of.ts';

export interface WithdrawOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Takes published dates of a wiki back: one, or without a date all of them. */
export async function withdrawDump(
  cli: Cli,
  wiki: string,
  date: string | undefined,
  options: WithdrawOptions,
): Promise<ExitStatus> {
  const config = await cli.farm();
  wikiNamed(config, wiki);
  if (date !== undefined && !/^\d{8}$/.test(date)) {
    throw new RotaError('USAGE', `${JSON.stringify(date)} is no date; give YYYYMMDD`);
  }
  await using log = await cli.openLog();
  await using farm = await openFarmOf(cli, config);
  const { store, trees, holder } = farm;
  const all = await datesToWithdraw({ store, trees, farm: config }, wiki);
  const dates = all.filter((name) => date === undefined || name === date);
  if (dates.length === 0) {
    cli.out.remark(date === undefined ? `${wiki} has published nothing` : `${wiki} has no date ${date}`);
    return exitStatus.nothingToDo;
  }
  const question = `Remove what ${wiki} has published on ${dates.join(', ')}, for good?`;
  if (!options.dryRun && !(await confirm(cli, question, options.yes))) return exitStatus.nothingToDo;
  const tools = {
    store,
    holder,
    trees,
    farm: config,
    clock: cli.clock,
    log: log.log,
    leaseMs: config.lease.durationMs,
  };
  for (const name of dates) {
    if (!options.dryRun) await withdrawDate(tools, wiki, name);
    const done = options.dryRun ? 'would be taken back' : 'is taken back';
    cli.out.line({ wiki, date: name, withdrawn: options.dryRun !== true }, `${wiki} ${name} ${done}`);
  }
  if (!options.dryRun) cli.out.remark('lists of dumps show it after the next sweep of rota monitor');
  return exitStatus.done;
}

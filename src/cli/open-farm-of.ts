import { type OpenFarm, openFarm } from '../composition.ts';
import type { FarmConfig } from '../config/farm-config.ts';
import type { Cli } from './cli.ts';
import { tellWaiting } from './tell-waiting.ts';

/** The farm of a command; whoever sits at a terminal is told that its run store is waited for. */
export async function openFarmOf(cli: Cli, config: FarmConfig): Promise<OpenFarm> {
  const { clock, io, version } = cli;
  return await tellWaiting(cli, config, openFarm(config, { clock, env: io.env, version }));
}

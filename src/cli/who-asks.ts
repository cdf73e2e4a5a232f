import { hostname, userInfo } from 'node:os';
import type { Cli } from './cli.ts';

/** Who asks, for a run's history: `ops@host`. */
export function whoAsks(cli: Pick<Cli, 'io'>): string {
  const { SUDO_USER, USER } = cli.io.env;
  return `${SUDO_USER ?? USER ?? userInfo().username}@${hostname()}`;
}

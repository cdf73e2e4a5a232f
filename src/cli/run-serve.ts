import type { OpenFarm } from '../composition.ts';
import type { ListenAddress } from '../config/farm-config.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { Face } from '../web/face.ts';
import { startWebServer, type WebServer } from '../web/web-server.ts';
import type { Cli } from './cli.ts';
import { openFarmOf } from './open-farm-of.ts';
import type { OpenLog } from './open-log.ts';
import { previewMaker } from './preview-scope.ts';

export interface ServeOptions {
  readonly public?: boolean;
  readonly listen?: string;
}

const usualAddress: ListenAddress = { host: '127.0.0.1', port: 8280 };

/** Until it is told to stop. */
export async function runServe(cli: Cli, options: ServeOptions): Promise<ExitStatus> {
  const config = await cli.farm();
  await using log = await cli.openLog();
  await using farm = await openFarmOf(cli, config);
  const listen =
    options.listen === undefined ? (config.web.listen ?? usualAddress) : parseAddress(options.listen);
  const face = options.public ? 'public' : 'operators';
  await using _server = await openWeb({ cli, farm, log, face, listen });
  await untilAborted(cli.signal);
  return exitStatus.done;
}

export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Opens the web interface and says where it is. */
export async function openWeb(p: {
  readonly cli: Cli;
  readonly farm: OpenFarm;
  readonly log: OpenLog;
  readonly face: Face;
  readonly listen: ListenAddress;
}): Promise<WebServer> {
  const { cli, farm, log, face, listen } = p;
  const { hosts } = farm.config.web;
  const { clock, version } = cli;
  const makePreview = previewMaker(cli, farm.config.file);
  const server = await startWebServer({
    farm,
    face,
    listen,
    hosts,
    clock,
    version,
    makePreview,
    log: log.log,
  });
  const { address } = server;
  const whom = face === 'public' ? 'everybody' : server.isGuarded ? 'operators with a token' : 'operators';
  cli.out.line({ type: 'serving', face, address }, `${address}/ is there for ${whom}`);
  return server;
}

function parseAddress(text: string): ListenAddress {
  const [, host, port] = /^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) {
    throw new RotaError(
      'USAGE',
      `${JSON.stringify(text)} is no address: give host:port, such as 127.0.0.1:8280`,
    );
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

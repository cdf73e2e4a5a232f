import { lookup } from 'node:dns/promises';
import type { SshSettings, TargetHost } from '../../../config/environment-config.ts';

/** Where a host is reached from this machine, and so by others of its kind. */
export interface SshAddress {
  readonly address: string;
  readonly port: number;
}

/** What ssh makes of a destination by its configuration; null where that is no address. */
export async function sshAddress(host: TargetHost, settings: SshSettings): Promise<SshAddress | null> {
  if (host.address.kind !== 'ssh') return null;
  const config = settings.configFile === null ? [] : ['-F', settings.configFile];
  const { execa } = await import('execa');
  const { stdout } = await execa('ssh', ['-G', ...config, '--', host.address.destination], {
    reject: false,
    stdin: 'ignore',
  });
  const value = (key: string) => new RegExp(`^${key} (.+)$`, 'm').exec(stdout)?.[1];
  const [name, port] = [value('hostname'), Number(value('port'))];
  if (name === undefined || !Number.isInteger(port)) return null;
  const found = await lookup(name).catch(() => null);
  return found === null ? null : { address: found.address, port };
}

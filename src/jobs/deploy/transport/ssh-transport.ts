import type { SshSettings, TargetHost } from '../../../config/environment-config.ts';
import { shellWord } from '../target/quote.ts';
import { startCommand } from './agent-script.ts';
import { processChannel } from './process-channel.ts';
import type { Transport } from './transport.ts';

export interface SshTransportOptions {
  readonly settings: SshSettings;
  /** For the sockets of shared connections: short, ours alone (0700); null: connections are not shared. */
  readonly socketFolder: string | null;
}

/**
 * The system's OpenSSH with the user's configuration and agent. One connection a host is shared by all sessions and
 * stays open for the next command for a while: a new session over it takes milliseconds.
 */
export function sshTransport({ settings, socketFolder }: SshTransportOptions): Transport {
  const destination = (host: TargetHost): string => {
    if (host.address.kind !== 'ssh') throw new TypeError(`${host.name} is not reached by ssh`);
    return host.address.destination;
  };
  return {
    open: (host) =>
      processChannel([
        'ssh',
        ...sshOptions(settings, socketFolder),
        '--',
        destination(host),
        remoteCommand(settings),
      ]),
    rsyncRemote: (host) => ({
      ssh: ['ssh', ...sshOptions(settings, socketFolder)],
      destination: destination(host),
      become: settings.become,
    }),
    disconnect: async (host) => {
      using channel = processChannel([
        'ssh',
        ...sshOptions(settings, socketFolder),
        '-O',
        'exit',
        '--',
        destination(host),
      ]);
      await channel.exited;
    },
  };
}

export function sshOptions(settings: SshSettings, socketFolder: string | null): readonly string[] {
  const { configFile, persistMs, connectTimeoutMs } = settings;
  const persistS = socketFolder === null ? 0 : Math.ceil(persistMs / 1000);
  const options = {
    BatchMode: 'yes',
    ConnectTimeout: String(Math.max(1, Math.ceil(connectTimeoutMs / 1000))),
    ServerAliveInterval: '5',
    ServerAliveCountMax: '3',
    ControlMaster: persistS > 0 ? 'auto' : 'no',
    ControlPath: persistS > 0 ? `${socketFolder}/%C` : 'none',
    ControlPersist: persistS > 0 ? String(persistS) : 'no',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    // What the user forwards in his own sessions is no business of ours, and a taken port would end ours.
    ClearAllForwardings: 'yes',
    LogLevel: 'ERROR',
  };
  return [
    '-T',
    ...(configFile === null ? [] : ['-F', configFile]),
    ...Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]),
  ];
}

export function remoteCommand({ become }: Pick<SshSettings, 'become'>): string {
  return become === null
    ? startCommand
    : `exec sudo -n -u ${shellWord(become)} -- sh -c ${shellWord(startCommand)}`;
}

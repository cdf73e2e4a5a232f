import { startCommand } from './agent-script.ts';
import { processChannel } from './process-channel.ts';
import type { Transport } from './transport.ts';

/** Targets that are folders of this machine, for trying out: the same agent and programs, without a network. */
export function localTransport(shell: readonly [string, ...string[]] = ['/bin/sh']): Transport {
  const [program, ...args] = shell;
  return {
    open: () => processChannel([program, ...args, '-c', startCommand]),
    rsyncRemote: () => ({ ssh: null, destination: '', become: null }),
    disconnect: async () => {},
  };
}

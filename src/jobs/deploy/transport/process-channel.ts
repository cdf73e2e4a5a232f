import { spawn } from 'node:child_process';
import { killGroup } from '../../../control/process-groups.ts';
import type { Channel } from './transport.ts';

/** As much of what a connection complains about as a message can bear. */
const keptBytes = 2_000;

/** A channel over the standard streams of a program on this machine: ssh, or a shell. */
export function processChannel(argv: readonly [string, ...string[]]): Channel {
  const [program, ...args] = argv;
  // Its own group: Ctrl-C in the terminal reaches the deployment, which ends its channels when its work is safe.
  const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  const onStderr = (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-keptBytes);
  };
  child.stderr.on('data', onStderr);
  // Of a connection that ended we hear by its exit.
  child.stdin.on('error', () => {});
  const exited = new Promise<Awaited<Channel['exited']>>((resolve) => {
    child.once('error', (error) => {
      complaint = error.message;
      resolve({ code: null, signal: null });
    });
    // Not `close`: a connection master that stays in the background may keep standard error open.
    child.once('exit', (code, signal) => {
      setImmediate(() => {
        child.stderr.destroy();
        resolve({ code, signal });
      });
    });
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    complaint: () => complaint.trim(),
    exited,
    [Symbol.dispose]() {
      child.stdin.destroy();
      child.stdout.destroy();
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        killGroup(child.pid);
      }
    },
  };
}

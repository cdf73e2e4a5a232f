import { group, setting } from './setting.ts';
import { choice, count, duration, text } from './values.ts';

export const transfer = group({
  relay: setting(
    choice(['star', 'ssh', 'command']),
    'Who sends: this machine to every host (`star`), or also hosts that have it already, over `ssh` between hosts with a key of the run, or by a `command`.',
    'star',
  ),
  width: setting(
    count(1, 100),
    'To how many hosts at once this machine, and every host that has it, sends.',
    4,
  ),
  command: setting(
    text,
    'A script for sh, run on the host that lacks it: writes the file `$2` of the host `$1` to standard output.',
  ),
  timeout: setting(
    duration,
    'How long a host may take to get it from another before it gets it elsewhere.',
    '2m',
  ),
  authorizedKeys: setting(
    text,
    'Where sshd of hosts looks for keys: absolute, or within the home of who logs in. Rota adds lines there and takes them away.',
    '.ssh/authorized_keys2',
  ),
});

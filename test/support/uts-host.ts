import { execa } from 'execa';
import { findProgram, OPTIONAL_MARK, requiresRoot } from './requirements.ts';

/** A command under which programs believe to be on the host of this name. */
export function onHost(name: string): readonly string[] {
  // Not by `hostname`, which the program's PATH may lack.
  const script = `echo ${name} > /proc/sys/kernel/hostname && exec "$@"`;
  return [findProgram('unshare') ?? 'unshare', '--uts', '/bin/sh', '-c', script, 'sh'];
}

/** `false` when a program can be given another host's name here, else why not. */
export async function requiresHostNames(): Promise<string | false> {
  const root = requiresRoot();
  if (root !== false) return root;
  const [command = '', ...args] = onHost('other');
  const tried = await execa(command, [...args, 'cat', '/proc/sys/kernel/hostname'], { reject: false });
  return tried.stdout?.trim() === 'other' ? false : `${OPTIONAL_MARK}hosts cannot be given names here`;
}

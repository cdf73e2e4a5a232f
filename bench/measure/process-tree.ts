import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel says of processes, in /proc (Linux only). */

/** Clock ticks a second: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** The fields of /proc/PID/stat after the command's name, which may hold anything; null where the process is gone. */
function statFields(pid: number | 'self'): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

const field = { parent: 1, user: 11, system: 12, childrenUser: 13, childrenSystem: 14 } as const;
const seconds = (fields: readonly string[], ...which: readonly number[]): number =>
  which.reduce((sum, at) => sum + Number(fields[at] ?? 0), 0) / ticksPerSecond;

/** CPU seconds, user and system, that a process has used so far, with all its threads. */
export function cpuSecondsOf(pid: number): number {
  return seconds(statFields(pid) ?? [], field.user, field.system);
}

/** CPU seconds of all children of this process that have ended, with their own children that they waited for. */
export function cpuSecondsOfEndedChildren(): number {
  return seconds(statFields('self') ?? [], field.childrenUser, field.childrenSystem);
}

/** CPU seconds of processes and all that descend from them, with what ended and was waited for. What outlived its parent is not seen. */
export function cpuSecondsOfTrees(roots: readonly number[]): number {
  return roots
    .flatMap(processTree)
    .reduce((sum, pid) => sum + seconds(statFields(pid) ?? [], ...Object.values(field).slice(1)), 0);
}

/** A process and all that descend from it. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statFields(Number(name))?.[field.parent] ?? -1);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (let at = 0; at < found.length; at += 1) found.push(...(children.get(found[at] ?? 0) ?? []));
  return found;
}

/** Resident memory in bytes: now, and the most it ever was. Zeros where the process is gone. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'latin1');
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 };
  } catch {
    return { now: 0, peak: 0 };
  }
}

import { RotaError } from '../../../../core/errors/rota-error.ts';
import type { TargetProgram } from '../target-program.ts';
import type { TargetSite } from '../target-site.ts';

/** How far a log had grown when it was looked at, and what was in it since the look before. */
export interface LogSample {
  readonly inode: string;
  readonly bytes: number;
  readonly lines: number;
  readonly matches: number;
}

export interface LogSampleOptions extends Omit<TargetSite, 'path'> {
  readonly file: string;
  readonly pattern: string;
  /** Where the look before ended; null: only where the log ends now is of interest. */
  readonly since: Pick<LogSample, 'inode' | 'bytes'> | null;
}

/** Of a log that grows faster than anybody reads, this much is looked at. */
const readBytes = 64 * 1024 * 1024;

/** Counts what a log on a host says. One that is not there says nothing; one that was rotated is read from its beginning. */
export function logSample(p: LogSampleOptions): TargetProgram {
  return {
    name: 'look into a log',
    args: [p.file, p.pattern, p.since?.inode ?? 'none', String(p.since?.bytes ?? 0)],
    deadlineMs: p.deadlineMs,
    mutates: false,
    script: `file=$1 from=$4
if [ ! -e "$file" ]; then echo "- 0 0 0"; exit 0; fi
inode=$(ls -di "$file" | { read -r i _; printf '%s\\n' "$i"; })
bytes=$(wc -c <"$file"); bytes=$((bytes))
if [ "$3" = none ]; then echo "$inode $bytes 0 0"; exit 0; fi
if [ "$inode" != "$3" ] || [ "$bytes" -lt "$from" ]; then from=0; fi
part() { tail -c "+$((from+1))" "$file" | head -c ${readBytes}; }
lines=$(part | wc -l)
matches=$(part | grep -cE -e "$2" || :)
echo "$inode $bytes $((lines)) $((matches))"
`,
  };
}

/** @throws RotaError TARGET_PROTOCOL */
export function parseLogSample(stdout: Buffer): LogSample {
  const match = /^(\S+) (\d+) (\d+) (\d+)\n$/.exec(stdout.toString());
  if (match === null) {
    throw new RotaError(
      'TARGET_PROTOCOL',
      `a target describes a log as ${JSON.stringify(stdout.toString().slice(0, 120))}`,
    );
  }
  const [, inode = '', bytes, lines, matches] = match;
  return { inode, bytes: Number(bytes), lines: Number(lines), matches: Number(matches) };
}

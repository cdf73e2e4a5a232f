import { spawnSync } from 'node:child_process';
import { findProgram, OPTIONAL_MARK } from './requirements.ts';

/** Mounting takes root, or a kernel that lets users have namespaces of their own: `false` where it can be done, else why not. */
export function cannotMount(): string | false {
  const unshare = findProgram('unshare');
  if (unshare === undefined) return 'needs unshare (apt-get install util-linux)';
  return spawnSync(unshare, [...mountNamespace(), 'true']).status === 0
    ? false
    : `${OPTIONAL_MARK}may not mount`;
}

/** What unshare is told. */
export function mountNamespace(): readonly string[] {
  return process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
}

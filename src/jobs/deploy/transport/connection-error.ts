import type { TargetHost } from '../../../config/environment-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';

/** Why a connection ended, from what ssh says. */
export function connectionError(host: TargetHost, code: number | null, complaint: string): RotaError {
  const facts = { host: host.name };
  const said = lastLine(complaint);
  const because = said === '' ? '' : `: ${said}`;
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(complaint)) {
    return new RotaError(
      'HOST_KEY_CHANGED',
      `${host.name} shows another host key than before: find out why before anything is deployed there`,
      { facts },
    );
  }
  if (/No space left on device|Disk quota exceeded/.test(complaint)) {
    return new RotaError('TARGET_DISK_FULL', `${host.name} has no room left${because}`, { facts });
  }
  // 255 is ssh's own status: the connection was not made, or it broke.
  if (code === 255 || code === null) {
    return new RotaError('HOST_UNREACHABLE', `${host.name} cannot be reached${because}`, { facts });
  }
  return new RotaError('HOST_LOST', `The session with ${host.name} ended (status ${code})${because}`, {
    facts,
  });
}

function lastLine(text: string): string {
  return (
    text
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}

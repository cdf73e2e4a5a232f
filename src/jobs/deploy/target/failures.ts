import { RotaError } from '../../../core/errors/rota-error.ts';
import { targetStatus } from './prelude.ts';
import type { ProgramResult, TargetProgram } from './target-program.ts';

/** The error of a program that ended badly on a host, or null when it ended well. */
export function targetFailure(host: string, program: TargetProgram, result: ProgramResult): RotaError | null {
  if (result.status === 0) return null;
  const facts = { host, step: program.name, status: result.status };
  const said = result.stderr.trim().split('\n').at(-1) ?? '';
  const error = (code: ConstructorParameters<typeof RotaError>[0], message: string) =>
    new RotaError(code, message, { facts });
  switch (result.status) {
    case targetStatus.unfit:
      return error('TARGET_UNFIT', `${host} lacks ${said}`);
    case targetStatus.foreignStore:
      return error(
        'FOREIGN_STORE',
        `${host} is deployed by another run store (${said}): take it over with rota deploy adopt, if that store is gone for good`,
      );
    case targetStatus.stale:
      return error('LEASE_LOST', `${host} has seen a newer deployer (token ${said}): this one stops`);
    case targetStatus.isFolder:
      return error(
        'TARGET_IS_FOLDER',
        `${said} on ${host} is a folder, not a link of ours: move it away, or choose another path`,
      );
    case targetStatus.notPrepared:
      return error('NOT_PREPARED', `${host} has not proven that it holds ${said}, so it is not switched`);
    case targetStatus.proofFailed:
      return error('PROOF_FAILED', `${host} could not be proven to hold the version: ${said}`);
    case targetStatus.packDamaged:
      return error('PACK_DAMAGED', `The pack that ${host} received is damaged: ${said}`);
    case targetStatus.noBase:
      return error('NOT_PREPARED', `${host} lacks commit ${said} in its repository`);
    case targetStatus.cannotWrite:
      return error(
        'TARGET_DISK_FULL',
        `${host} could not write ${said}: no room, or a disk that cannot be written`,
      );
    default:
      break;
  }
  if (/No space left on device|Disk quota exceeded/.test(result.stderr)) {
    return error(
      'TARGET_DISK_FULL',
      `${host} has no room left (step ${program.name}): make room, then resume`,
    );
  }
  const ended =
    result.status > 128 ? `was ended by signal ${result.status - 128}` : `ended with status ${result.status}`;
  return error('TARGET_FAILED', `Step ${program.name} on ${host} ${ended}${said === '' ? '' : `: ${said}`}`);
}

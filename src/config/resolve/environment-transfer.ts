import type * as z from 'zod';
import type { TransferSettings } from '../environment-transfer-config.ts';
import type { Path } from '../faults/document.ts';
import type { environment } from '../schema/environment.ts';
import type { Report } from './report.ts';

export function resolveTransfer(
  given: z.output<typeof environment>['transfer'],
  at: Path,
  report: Report,
): TransferSettings {
  const relay = given?.relay ?? 'star';
  if ((relay === 'command') !== (given?.command !== undefined))
    report.fault([...at, 'transfer'], 'relay: command and a command belong together');
  return {
    relay,
    width: given?.width ?? 4,
    command: given?.command ?? null,
    timeoutMs: given?.timeout ?? 120_000,
    authorizedKeys: given?.authorizedKeys ?? '.ssh/authorized_keys2',
  };
}

import { RotaError } from '../../core/errors/rota-error.ts';
import { type TextStorage, textStorages } from './wiki-options.ts';

/**
 * Reads `gzip`, or a mixture with weights such as `gzip=9,plain=1`.
 * @throws RotaError USAGE
 */
export function parseStorage(text: string): Readonly<Partial<Record<TextStorage, number>>> {
  const shares: Partial<Record<TextStorage, number>> = {};
  for (const part of text.split(',')) {
    const [, name, weight] = /^\s*([a-z]+)\s*(?:=\s*(\d+(?:\.\d+)?))?\s*$/.exec(part) ?? [];
    const storage = textStorages.find((known) => known === name);
    if (storage === undefined || Number(weight ?? 1) === 0) {
      throw new RotaError(
        'USAGE',
        `"${part.trim()}" is no way to store texts: give ${textStorages.join(', ')}, or a mixture such as gzip=9,plain=1.`,
      );
    }
    shares[storage] = Number(weight ?? 1);
  }
  return shares;
}

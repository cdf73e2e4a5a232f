import { RotaError } from '../../../core/errors/rota-error.ts';
import { maxValueBytes } from '../run-store.ts';

/** The value as it is kept (what JSON makes of it), or undefined. */
export function smallValue(value: unknown, what: string): unknown {
  const text = smallJson(value, what);
  return text === undefined ? undefined : JSON.parse(text);
}

export function smallJson(value: unknown, what: string, maxBytes = maxValueBytes): string | undefined {
  const text = value === undefined ? undefined : JSON.stringify(value);
  if (text === undefined) return undefined;
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > maxBytes) {
    throw new RotaError(
      'VALUE_TOO_LARGE',
      `The ${what} takes ${sizeBytes} bytes, the run store keeps at most ${maxBytes}: write it to a file in the workspace`,
    );
  }
  return text;
}

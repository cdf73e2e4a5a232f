import { RotaError } from '../../../core/errors/rota-error.ts';
import type { Holder } from '../lease.ts';
import { maxValueBytes } from '../run-store.ts';

/** JSON text of a small value, or null for undefined. */
export function toJson(value: unknown, what: string, maxBytes = maxValueBytes): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  if (text === undefined) return null;
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > maxBytes) {
    throw new RotaError(
      'VALUE_TOO_LARGE',
      `The ${what} takes ${sizeBytes} bytes, the run store keeps at most ${maxBytes}: write it to a file in the workspace`,
    );
  }
  return text;
}

export function fromJson(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : undefined;
}

export function holderToJson(holder: Holder): string {
  return JSON.stringify({ ...holder, startedAt: holder.startedAt.getTime() });
}

export function holderFromJson(text: string): Holder {
  const value = JSON.parse(text);
  return { ...value, startedAt: new Date(value.startedAt) };
}

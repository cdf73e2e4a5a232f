import { catalogue, type ErrorCode } from '../../core/errors/catalogue.ts';
import { toRotaError } from '../../core/errors/rota-error.ts';
import type { findingCatalogue } from './finding-catalogue.ts';

/** What only the doctor finds; for what fails while it looks there are the codes of the catalogue. */
export type FindingCode = ErrorCode | keyof typeof findingCatalogue;

/** What the doctor found in one place. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'fault';
  /** `programs`, `trees`, `store`, `wiki frwiki` … */
  readonly area: string;
  /** What kind of warning or fault, for programs. */
  readonly code?: FindingCode;
  /** What is so, in one sentence. */
  readonly what: string;
  /** How to mend it; with warnings and faults. */
  readonly remedy?: string;
}

export function ok(area: string, what: string): Finding {
  return { level: 'ok', area, what };
}

export function warning(area: string, code: FindingCode, what: string, remedy: string): Finding {
  return { level: 'warning', area, code, what, remedy };
}

export function fault(area: string, code: FindingCode, what: string, remedy: string): Finding {
  return { level: 'fault', area, code, what, remedy };
}

/** A failure as a finding: the catalogue says how to mend it. */
export function faultOf(area: string, error: unknown): Finding {
  const known = toRotaError(error, 'INTERNAL', (cause) => cause);
  return fault(area, known.code, `${known.code}: ${known.message}`, catalogue[known.code].remedy);
}

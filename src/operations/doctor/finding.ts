import { catalogue } from '../../core/errors/catalogue.ts';
import { toRotaError } from '../../core/errors/rota-error.ts';

/** What the doctor found in one place. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'fault';
  /** `programs`, `trees`, `store`, `wiki frwiki` … */
  readonly area: string;
  /** What is so, in one sentence. */
  readonly what: string;
  /** How to mend it; with warnings and faults. */
  readonly remedy?: string;
}

export function ok(area: string, what: string): Finding {
  return { level: 'ok', area, what };
}

export function warning(area: string, what: string, remedy: string): Finding {
  return { level: 'warning', area, what, remedy };
}

export function fault(area: string, what: string, remedy: string): Finding {
  return { level: 'fault', area, what, remedy };
}

/** A failure as a finding: the catalogue says how to mend it. */
export function faultOf(area: string, error: unknown): Finding {
  const known = toRotaError(error, 'INTERNAL', (cause) => cause);
  return fault(area, `${known.code}: ${known.message}`, catalogue[known.code].remedy);
}

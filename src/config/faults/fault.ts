/** One thing that is wrong (or doubtful) in rota.yaml. It never holds a secret. */
export interface Fault {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Such as `wikis.frwiki.database`; '' for the file as a whole. */
  readonly key: string;
  /** What is wrong, as a sentence without full stop. */
  readonly message: string;
  /** The known word that was probably meant. */
  readonly nearest: string | null;
}

/** `rota.yaml:12:5: wikis.frwiki.datbase: unknown key; did you mean "database"?` */
export function formatFault(fault: Fault): string {
  const place = `${fault.file}:${fault.line}:${fault.column}`;
  const label = fault.severity === 'warning' ? 'warning: ' : '';
  const key = fault.key === '' ? '' : `${fault.key}: `;
  const hint = fault.nearest === null ? '' : `; did you mean ${JSON.stringify(fault.nearest)}?`;
  return `${place}: ${label}${key}${fault.message}${hint}`;
}

/** By place in the file. */
export function inFileOrder(faults: readonly Fault[]): readonly Fault[] {
  return [...faults].sort((a, b) => a.line - b.line || a.column - b.column);
}

import type { ConfigDocument, Path } from '../faults/document.ts';
import type { Fault } from '../faults/fault.ts';

/** Gathers what is wrong with a configuration that is well-formed in itself; each thing once. */
export class Report {
  readonly document: ConfigDocument;
  readonly #faults = new Map<string, Fault>();

  constructor(document: ConfigDocument) {
    this.document = document;
  }

  get faults(): readonly Fault[] {
    return [...this.#faults.values()];
  }

  fault(path: Path, message: string, nearest: string | null = null): void {
    this.#add(this.document.fault(path, message, { nearest }));
  }

  warn(path: Path, message: string): void {
    this.#add(this.document.fault(path, message, { severity: 'warning' }));
  }

  #add(fault: Fault): void {
    this.#faults.set(`${fault.line}:${fault.column}:${fault.message}`, fault);
  }
}

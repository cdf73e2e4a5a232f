import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import { ConfigDocument, type Path } from '../faults/document.ts';
import { type Fault, formatFault, inFileOrder } from '../faults/fault.ts';
import { faultsOfIssues } from '../faults/faults-of-issues.ts';
import { keysAt, schemaOf } from '../json-schema.ts';
import { resolveScope } from '../resolve/scope.ts';
import { scopeSchema } from '../schema/scope.ts';
import type { ScopeConfig } from '../scope-config.ts';

/**
 * Reads a scope's own file. Its name, less the ending, is the scope's.
 * @param shown the file as it shall be named in messages
 * @throws RotaError SCOPE_UNKNOWN, SCOPE_INVALID with every fault
 */
export async function readScopeFile(file: string, shown: string): Promise<ScopeConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new RotaError(
      'SCOPE_UNKNOWN',
      `The scope file ${shown} cannot be read: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  return readScopeText(basename(file).replace(/\.ya?ml$/, ''), text, shown);
}

/** @throws RotaError SCOPE_INVALID */
export function readScopeText(name: string, text: string, shown: string): ScopeConfig {
  const document = new ConfigDocument(shown, text);
  const faults: Fault[] = [...document.syntaxFaults];
  if (faults.every(({ severity }) => severity !== 'error')) {
    const value = document.toValue();
    const parsed = scopeSchema.safeParse(value);
    if (parsed.success) {
      const scope = resolveScope(name, parsed.data, {
        placeOf: (path: Path) => placeOf(document, path),
        fault: (path, message) => faults.push(document.fault(path, message)),
      });
      if (faults.every(({ severity }) => severity !== 'error')) return scope;
    } else {
      const schema = schemaOf(scopeSchema);
      faults.push(...faultsOfIssues(document, parsed.error.issues, (path) => keysAt(schema, path)));
      faults.push(...faultsWithinRules(document, value));
    }
  }
  throw scopeInvalid(shown, inFileOrder(faults));
}

/** What does not fit together in rules that are well formed, each looked at by itself: the rest of the file is not. */
function faultsWithinRules(document: ConfigDocument, value: unknown): readonly Fault[] {
  const rules = (value as { readonly rules?: unknown } | null)?.rules;
  if (!Array.isArray(rules)) return [];
  const faults: Fault[] = [];
  for (const [i, part] of (rules.length === 0 ? [[]] : rules.map((rule) => [rule])).entries()) {
    const parsed = scopeSchema.safeParse({ title: 'any', rules: part });
    if (!parsed.success) continue;
    resolveScope('any', parsed.data, {
      placeOf: (path: Path) => placeOf(document, path),
      // By itself each rule is the first.
      fault: ([, ...at], message) =>
        faults.push(document.fault(['rules', ...at.map((key, depth) => (depth === 0 ? i : key))], message)),
    });
  }
  return faults;
}

export function placeOf(document: ConfigDocument, path: Path): string {
  const { file, line } = document.fault(path, '');
  return `${file}:${line}`;
}

export function scopeInvalid(shown: string, faults: readonly Fault[]): RotaError {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  return new RotaError('SCOPE_INVALID', [`${shown} has ${count}:`, ...faults.map(formatFault)].join('\n  '), {
    facts: { faults },
  });
}

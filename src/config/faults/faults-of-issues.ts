import type * as z from 'zod';
import { nearest } from '../../core/nearest.ts';
import type { ConfigDocument, Path } from './document.ts';
import type { Fault } from './fault.ts';

type Issue = z.core.$ZodIssue;

/** What the schema found, each at its place in the file. */
export function faultsOfIssues(
  document: ConfigDocument,
  issues: readonly Issue[],
  knownKeys: (path: Path) => readonly string[],
): readonly Fault[] {
  return issues.flatMap((issue) => faultsOfIssue(document, issue, pathOf(issue.path), knownKeys));
}

function faultsOfIssue(
  document: ConfigDocument,
  issue: Issue,
  path: Path,
  knownKeys: (path: Path) => readonly string[],
): readonly Fault[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(document, [...path, key], knownKeys(path)));
    case 'invalid_union': {
      const branch = meantBranch(issue.errors);
      if (branch !== null) {
        return branch.flatMap((inner) =>
          faultsOfIssue(document, inner, [...path, ...pathOf(inner.path)], knownKeys),
        );
      }
      const values = issue.errors
        .flat()
        .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []));
      const near = nearestValue(document, path, values);
      return [document.fault(path, expectedGot(document, path, issue.message), { nearest: near })];
    }
    case 'invalid_key':
      return [
        document.faultAtKey(path, `expected ${issue.issues[0]?.message ?? issue.message} as the name`, null),
      ];
    case 'invalid_value':
      return [
        document.fault(path, expectedGot(document, path, issue.message), {
          nearest: nearestValue(document, path, issue.values),
        }),
      ];
    default:
      return [document.fault(path, expectedGot(document, path, issue.message))];
  }
}

function unknownKey(document: ConfigDocument, path: Path, known: readonly string[]): Fault {
  const near = nearest(String(path.at(-1)), known);
  const message =
    near === null && known.length > 0 ? `unknown key; known are ${known.join(', ')}` : 'unknown key';
  return document.faultAtKey(path, message, near);
}

/**
 * A value that may have several forms: the form that was meant is the one that matched on the outside and has faults
 * within (a map with a misspelt key, a list with a bad word).
 */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const meant = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
  if (meant.length === 1) return meant[0] ?? null;
  // No form fits outside; where just one form got past its type, its complaint is the telling one.
  const typed = branches.filter((issues) => issues.every((issue) => issue.code !== 'invalid_type'));
  const [only] = typed;
  return typed.length === 1 && only?.every((issue) => issue.code === 'custom') ? only : null;
}

function expectedGot(document: ConfigDocument, path: Path, expected: string): string {
  const got = document.describe(path);
  return got === 'nothing' && !document.has(path)
    ? `is missing: expected ${expected}`
    : `expected ${expected}; got ${got}`;
}

function nearestValue(document: ConfigDocument, path: Path, values: readonly unknown[]): string | null {
  const given = document.textAt(path);
  return given === null ? null : nearest(given, values.map(String));
}

function pathOf(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === 'symbol' ? String(part) : part));
}

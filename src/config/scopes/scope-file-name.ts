import { scopeName } from '../schema/phabricator.ts';

export function isScopeFileName(name: string): boolean {
  return /\.ya?ml$/.test(name);
}

/** The scope that a file describes; null when its name is none that a scope may have. */
export function scopeNameOf(file: string): string | null {
  const name = file.replace(/\.ya?ml$/, '');
  return scopeName.safeParse(name).success ? name : null;
}

export function refusedName(file: string): string {
  return `${file} names no scope: letters, digits, "_" and "-" before the ending`;
}

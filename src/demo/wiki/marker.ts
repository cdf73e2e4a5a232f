/**
 * Everything that must never be published carries this word (and what it is), so that a test can look for it in the
 * output: e-mail addresses, tokens, hidden and deleted texts, summaries and names.
 */
export const privateMarker = 'private.example';

export function secret(what: string, id: number): string {
  return `${what} ${id} ${privateMarker}`;
}

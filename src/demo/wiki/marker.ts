/**
 * What must never be published carries this word (and what it is), so that a test can look for it in the output: e-mail
 * addresses, tokens, passwords, and the texts, summaries, reasons and names that are hidden or deleted when a wiki is
 * made. (What a simulated day hides or deletes was public before and looks like anything else.)
 */
export const privateMarker = 'private.example';

export function secret(what: string, id: number): string {
  return `${what} ${id} ${privateMarker}`;
}

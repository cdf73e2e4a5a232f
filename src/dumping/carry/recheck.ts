/**
 * Whether it is a bundle's turn to be checked although nothing in it has changed. A bundle has its place in the round
 * by its digest, so with a share of 5 % each is checked at every twentieth date.
 */
export function isDue(digest: string | null, turn: number, share: number): boolean {
  if (share <= 0 || digest === null) return false;
  const round = Math.max(1, Math.round(1 / share));
  return (Number.parseInt(digest.slice(0, 8), 16) + turn) % round === 0;
}

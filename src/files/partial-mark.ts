/** How a comment begins that `rota xml repair` puts before the end of a dump that it cut back. */
export const partialMark = '<!-- rota: partial dump';

/**
 * What is known of what is missing; nothing from the file itself, so that it cannot end the comment.
 * @param gaps how many, where there are several
 */
export function partialComment(
  lastPageId: number | null,
  lastRevisionId: number | null,
  gaps: number | null = null,
): string {
  const page = lastPageId === null ? '' : ` page ${lastPageId}`;
  const revision = lastRevisionId === null ? '' : ` revision ${lastRevisionId}`;
  const what = gaps === null ? 'cut back' : `${gaps} gaps, the first`;
  return `  ${partialMark}, ${what} after${page === '' ? ' its head' : page}${revision} -->\n`;
}

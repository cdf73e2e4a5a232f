/** How a comment begins that `rota xml repair` puts before the end of a dump that it cut back. */
export const partialMark = '<!-- rota: partial dump';

/** @param lost what is known of what is missing; nothing from the file itself, so that it cannot end the comment */
export function partialComment(lastPageId: number | null, lastRevisionId: number | null): string {
  const page = lastPageId === null ? '' : ` page ${lastPageId}`;
  const revision = lastRevisionId === null ? '' : ` revision ${lastRevisionId}`;
  return `  ${partialMark}, cut back after${page}${revision} -->\n`;
}

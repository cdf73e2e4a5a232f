/** Little dumps for tests: the same for the same arguments. */
export interface SmallPage {
  readonly id: number;
  readonly title?: string;
  readonly revisions: readonly { readonly id: number; readonly text?: string }[];
}

export const smallHead =
  '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">\n' +
  '  <siteinfo>\n    <sitename>Small</sitename>\n    <dbname>smallwiki</dbname>\n  </siteinfo>\n';

export function revisionXml(id: number, text = `text ${id}`): string {
  return (
    `    <revision>\n      <id>${id}</id>\n      <timestamp>2026-11-22T00:00:00Z</timestamp>\n` +
    '      <contributor>\n        <username>U</username>\n        <id>7</id>\n      </contributor>\n' +
    `      <text bytes="${Buffer.byteLength(text)}" xml:space="preserve">${text}</text>\n    </revision>\n`
  );
}

export function pageXml(page: SmallPage): string {
  const revisions = page.revisions.map(({ id, text }) => revisionXml(id, text)).join('');
  const title = page.title ?? `Page ${page.id}`;
  return `  <page>\n    <title>${title}</title>\n    <ns>0</ns>\n    <id>${page.id}</id>\n${revisions}  </page>\n`;
}

export function dumpXml(pages: readonly SmallPage[]): string {
  return `${smallHead}${pages.map(pageXml).join('')}</mediawiki>\n`;
}

/** Pages 3, 6, 9 …, with one to four revisions each, whose texts repeat and differ. */
export function somePages(count: number, textBytes = 200): readonly SmallPage[] {
  let revisionId = 100;
  let state = 1;
  return Array.from({ length: count }, (_, at) => {
    const revisions = Array.from({ length: 1 + (at % 4) }, () => {
      let text = '';
      while (text.length < textBytes) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        text += `word${(state >>> 12) % 5000} `;
      }
      revisionId += 1 + (at % 3);
      return { id: revisionId, text };
    });
    return { id: 3 * (at + 1), revisions };
  });
}

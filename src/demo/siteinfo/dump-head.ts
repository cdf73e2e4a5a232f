import type { WikiOptions } from '../wiki/wiki-options.ts';
import { generatorOf, mainPageUrl, siteNamespaces } from './site-answer.ts';

/** The beginning of a dump of the generated wiki, to the end of `</siteinfo>`: the other form in which Rota takes it. */
export function dumpHead(options: WikiOptions): string {
  const schema = 'http://www.mediawiki.org/xml/export-0.11/';
  const lines = siteNamespaces(options).map(({ id, name }) =>
    name === ''
      ? `      <namespace key="${id}" case="first-letter" />`
      : `      <namespace key="${id}" case="first-letter">${escaped(name)}</namespace>`,
  );
  return `<mediawiki xmlns="${schema}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${schema} http://www.mediawiki.org/xml/export-0.11.xsd" version="0.11" xml:lang="${options.language}">
  <siteinfo>
    <sitename>${escaped(options.siteName)}</sitename>
    <dbname>${escaped(options.name)}</dbname>
    <base>${escaped(mainPageUrl(options))}</base>
    <generator>${generatorOf(options)}</generator>
    <case>first-letter</case>
    <namespaces>
${lines.join('\n')}
    </namespaces>
  </siteinfo>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

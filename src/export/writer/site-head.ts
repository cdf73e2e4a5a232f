import type { SiteInfo, SiteNamespace } from '../../mediawiki/siteinfo/site-info.ts';
import type { EscapeMode } from '../kernel/escape-tables.ts';
import { escapeAttribute, plainElement, toBinary } from './escape-markup.ts';
import { effectiveProfile, type WriterOptions } from './options.ts';

/** From the root element through `</siteinfo>`, with the newline. */
export function renderHeader(options: WriterOptions): Buffer {
  const mode = effectiveProfile(options);
  const { schema, siteInfo } = options;
  const namespace = `http://www.mediawiki.org/xml/export-${schema}/`;
  const lines = [
    `<mediawiki xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` +
      `xsi:schemaLocation="${namespace} http://www.mediawiki.org/xml/export-${schema}.xsd" version="${schema}" ` +
      `xml:lang="${escapeAttribute(toBinary(siteInfo.language))}">`,
    '  <siteinfo>',
    ...siteElements(siteInfo, mode).map((element) => `    ${element}`),
    '    <namespaces>',
    ...siteInfo.namespaces.map((one) => `      ${namespaceElement(one, mode)}`),
    '    </namespaces>',
    '  </siteinfo>',
    '',
  ];
  return Buffer.from(lines.join('\n'), 'latin1');
}

function siteElements(siteInfo: SiteInfo, mode: EscapeMode): string[] {
  return [
    plainElement('sitename', toBinary(siteInfo.siteName), mode),
    plainElement('dbname', toBinary(siteInfo.databaseName), mode),
    plainElement('base', toBinary(siteInfo.base), mode),
    plainElement('generator', toBinary(siteInfo.generator), mode),
    plainElement('case', siteInfo.case, mode),
  ];
}

function namespaceElement(namespace: SiteNamespace, mode: EscapeMode): string {
  const attributes = `key="${namespace.id}" case="${namespace.case}"`;
  const name = toBinary(namespace.name);
  return name === ''
    ? `<namespace ${attributes} />`
    : plainElement('namespace', name, mode).replace('<namespace>', `<namespace ${attributes}>`);
}

/** The end of the file: dumpTextPass.php writes no newline after it. */
export function renderFooter(options: WriterOptions): Buffer {
  return Buffer.from(effectiveProfile(options) === 'one-pass' ? '</mediawiki>\n' : '</mediawiki>', 'latin1');
}

import type { LogRecord } from '../../mediawiki/record/revision-record.ts';
import type { OutputBuffer } from '../kernel/output-buffer.ts';
import { ContributorCache } from './contributor.ts';
import { cleanedElement, escapeCleaned, plainElement } from './escape-markup.ts';

import type { WriterOptions } from './options.ts';
import { isoTimestamp } from './timestamp.ts';
import { Titles } from './titles.ts';

/** log_deleted bits. */
const hiddenBit = { action: 1, comment: 2, user: 4 } as const;

export interface LogFinding {
  readonly kind: 'dropped' | 'incomplete';
  readonly code: LogRecord['problems'][number];
}

const mode = 'one-pass';
const noFindings: readonly LogFinding[] = Object.freeze([]);

/**
 * Writes log items, which MediaWiki only writes in one pass (so their header and footer have that profile too).
 * An item without a valid timestamp is left out; one without its actor or comment is printed without them, or with
 * `asMediawiki` left out.
 */
export class LogRenderer {
  readonly #out: OutputBuffer;
  readonly #asMediawiki: boolean;
  readonly #titles: Titles;
  readonly #contributors = new ContributorCache({ indent: '    ', mode, withoutId: '' });

  constructor(options: Pick<WriterOptions, 'siteInfo' | 'asMediawiki'>, out: OutputBuffer) {
    this.#out = out;
    this.#asMediawiki = options.asMediawiki;
    this.#titles = new Titles(options.siteInfo);
  }

  logItem(record: LogRecord): readonly LogFinding[] {
    const { problems } = record;
    if (problems.includes('timestamp-invalid') || (this.#asMediawiki && problems.length > 0)) {
      return problems.map((code) => ({ kind: 'dropped', code }));
    }
    this.#out.appendLatin1(
      `  <logitem>\n    <id>${record.id}</id>\n    <timestamp>${isoTimestamp(record.timestamp)}</timestamp>\n${this.#contributor(record)}${comment(record)}    ${plainElement('type', record.type, mode)}\n    ${plainElement('action', record.action, mode)}\n${this.#target(record)}  </logitem>\n`,
    );
    return problems.length === 0 ? noFindings : problems.map((code) => ({ kind: 'incomplete', code }));
  }

  #contributor(record: LogRecord): string {
    return (record.deleted & hiddenBit.user) !== 0
      ? '    <contributor deleted="deleted" />\n'
      : this.#contributors.element(record.userId, record.userName);
  }

  #target(record: LogRecord): string {
    if ((record.deleted & hiddenBit.action) !== 0) return '    <text deleted="deleted" />\n';
    const title = this.#titles.text(record.namespace, record.title);
    const params =
      record.params === ''
        ? '<params xml:space="preserve" />'
        : `<params xml:space="preserve">${escapeCleaned(record.params, mode)}</params>`;
    return `    ${cleanedElement('logtitle', title, mode)}\n    ${params}\n`;
  }
}

function comment(record: LogRecord): string {
  if ((record.deleted & hiddenBit.comment) !== 0) return '    <comment deleted="deleted" />\n';
  return record.comment === '' ? '' : `    ${cleanedElement('comment', record.comment, mode)}\n`;
}

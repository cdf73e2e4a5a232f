import { hash } from 'node:crypto';
import { type BinaryString, deletedBit, type UploadRecord } from '../../mediawiki/record/revision-record.ts';
import type { EscapeMode } from '../kernel/escape-tables.ts';
import type { OutputBuffer } from '../kernel/output-buffer.ts';
import { contributorElement } from './contributor.ts';
import { cleanedElement, plainElement, toBinary } from './escape-markup.ts';
import { effectiveProfile, type UploadOptions, type WriterOptions } from './options.ts';
import { isoTimestamp } from './timestamp.ts';

/** Base64 of so many bytes makes one line of 76 characters. */
const lineBytes = 57;

export interface UploadFinding {
  readonly kind: 'failed';
  readonly code: 'file-missing';
  /** The file's path below the upload directory, as a binary string. */
  readonly path: BinaryString;
}

const noFindings: readonly UploadFinding[] = Object.freeze([]);

/**
 * Writes the versions of an uploaded file. Of a hidden file MediaWiki shows hash and contents; Rota does so only with
 * `asMediawiki` (its size stays: the schema demands one).
 */
export class UploadRenderer {
  readonly #out: OutputBuffer;
  readonly #mode: EscapeMode;
  readonly #asMediawiki: boolean;
  readonly #uploads: UploadOptions;

  constructor(options: WriterOptions, uploads: UploadOptions, out: OutputBuffer) {
    this.#out = out;
    this.#mode = effectiveProfile(options);
    this.#asMediawiki = options.asMediawiki;
    this.#uploads = uploads;
  }

  upload(upload: UploadRecord): readonly UploadFinding[] {
    const mode = this.#mode;
    const isHidden = (upload.deleted & deletedBit.text) !== 0 && !this.#asMediawiki;
    const archiveName =
      upload.archiveName === null ? '' : `      ${plainElement('archivename', upload.archiveName, mode)}\n`;
    const sha1 = isHidden ? '' : `      ${plainElement('sha1base36', upload.sha1, mode)}\n`;
    const folder = this.#folder(upload);
    const file = upload.archiveName ?? upload.name;
    const url = `${toBinary(this.#uploads.baseUrl)}/${folder}${percentEncoded(file)}`;
    this.#out.appendLatin1(
      `    <upload>\n      <timestamp>${isoTimestamp(upload.timestamp)}</timestamp>\n${this.#contributor(upload)}${this.#comment(upload)}      ${plainElement('filename', upload.name, mode)}\n${archiveName}      ${plainElement('src', url, mode)}\n      <size>${upload.sizeBytes}</size>\n${sha1}      ${plainElement('rel', folder + file, mode)}\n`,
    );
    const findings = isHidden ? noFindings : this.#contents(folder + file);
    this.#out.appendLatin1('    </upload>\n');
    return findings;
  }

  #contributor(upload: UploadRecord): string {
    // MediaWiki does not indent this one.
    if ((upload.deleted & deletedBit.user) !== 0) return '<contributor deleted="deleted" />\n';
    return contributorElement(upload.userId, upload.userName, {
      indent: '      ',
      mode: this.#mode,
      withoutId: '0',
    });
  }

  /** An empty comment looks like a hidden one. */
  #comment(upload: UploadRecord): string {
    const isShown = (upload.deleted & deletedBit.comment) === 0 && upload.comment !== '';
    return `      ${isShown ? cleanedElement('comment', upload.comment, this.#mode) : '<comment deleted="deleted" />'}\n`;
  }

  /** Where MediaWiki keeps it below the upload directory: folders named after the hash of the file's name. */
  #folder({ name, archiveName }: UploadRecord): string {
    const digest = hash('md5', Buffer.from(name, 'latin1'), 'hex');
    const levels = this.#uploads.hashLevels ?? 2;
    let folder = archiveName === null ? '' : 'archive/';
    for (let level = 1; level <= levels; level += 1) folder += `${digest.slice(0, level)}/`;
    return folder;
  }

  #contents(path: BinaryString): readonly UploadFinding[] {
    const { readFile } = this.#uploads;
    if (readFile === undefined) return noFindings;
    const chunks = readFile(path);
    if (chunks === null && !this.#asMediawiki) return [{ kind: 'failed', code: 'file-missing', path }];
    this.#out.appendLatin1('      <contents encoding="base64">');
    this.#base64(chunks ?? []);
    this.#out.appendLatin1('      </contents>\n');
    return chunks === null ? [{ kind: 'failed', code: 'file-missing', path }] : noFindings;
  }

  #base64(chunks: Iterable<Uint8Array>): void {
    // The second pass reads the stub with an XML parser, for which CR LF is LF.
    const end = this.#mode === 'one-pass' ? '\r\n' : '\n';
    let rest = Buffer.alloc(0);
    let lines = 0;
    for (const chunk of chunks) {
      const bytes = Buffer.concat([rest, chunk]);
      let at = 0;
      for (; at + lineBytes <= bytes.length; at += lineBytes) {
        this.#out.appendLatin1(bytes.toString('base64', at, at + lineBytes) + end);
        lines += 1;
      }
      rest = bytes.subarray(at);
    }
    // A file without bytes has one empty line.
    if (rest.length > 0 || lines === 0) this.#out.appendLatin1(rest.toString('base64') + end);
  }
}

/** PHP's rawurlencode() of the bytes. */
function percentEncoded(name: BinaryString): string {
  return name.replace(
    /[^A-Za-z0-9\-_.~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

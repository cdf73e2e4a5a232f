import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gunzip as gunzipCallback, zstdDecompress as zstdCallback } from 'node:zlib';
import { RotaError } from '../../core/errors/rota-error.ts';
import { parseApiAnswer } from './parse-api-answer.ts';
import { parseDumpHead } from './parse-dump-head.ts';
import type { SiteInfoResult } from './site-info.ts';
import { unreadable } from './unreadable.ts';

export interface ReadSiteInfoOptions {
  readonly signal?: AbortSignal | undefined;
  /** $wgDBname, for sources that do not state it (an API answer states it only with the table prefix). */
  readonly databaseName?: string | undefined;
  /** For tests. Default: the runtime's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Default 30 s. */
  readonly timeoutMs?: number | undefined;
}

/** The head of a dump is a few kilobytes; hundreds of namespaces are tens. */
const headBytes = 1024 * 1024;
/** An API answer with a large interwiki map is a few hundred kilobytes. */
const answerBytes = 32 * 1024 * 1024;

const gunzip = promisify(gunzipCallback);
const zstdDecompress = promisify(zstdCallback);

/**
 * Reads what a dump's head says of the wiki from a URL of api.php, a saved answer of it (JSON, either format
 * version), or a file that begins with a dump's head (plain, .gz or .zst).
 * @throws RotaError SITEINFO_UNREADABLE, SITEINFO_UNREACHABLE, FILE_UNREADABLE
 */
export async function readSiteInfo(
  source: string,
  options: ReadSiteInfoOptions = {},
): Promise<SiteInfoResult> {
  const text = /^https?:\/\//i.test(source) ? await askApi(source, options) : await readFileHead(source);
  const start = text.trimStart();
  if (start.startsWith('{')) return parseApiAnswer(text, source, options.databaseName);
  if (start.startsWith('<')) return parseDumpHead(text, source);
  throw unreadable(source, 'it is neither JSON nor XML');
}

/** The question that gets everything that a dump needs. */
export function siteInfoUrl(apiUrl: string): URL {
  const url = new URL(apiUrl);
  url.searchParams.set('action', 'query');
  url.searchParams.set('meta', 'siteinfo');
  url.searchParams.set('siprop', 'general|namespaces|namespacealiases|magicwords|interwikimap');
  url.searchParams.set('format', 'json');
  url.searchParams.set('formatversion', '2');
  return url;
}

async function askApi(apiUrl: string, options: ReadSiteInfoOptions): Promise<string> {
  const ask = options.fetch ?? globalThis.fetch;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  let response: Response;
  let text: string;
  try {
    response = await ask(siteInfoUrl(apiUrl), {
      signal,
      headers: { 'User-Agent': 'Rota (MediaWiki dumps)' },
    });
    text = await response.text();
  } catch (error) {
    options.signal?.throwIfAborted();
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause : error) : null;
    throw new RotaError(
      'SITEINFO_UNREACHABLE',
      `${apiUrl} does not answer (${cause?.message ?? String(error)}): check the URL, or give a saved answer in a file.`,
      { cause: error },
    );
  }
  if (response.ok) return text;
  const code =
    response.status >= 500 || response.status === 429 ? 'SITEINFO_UNREACHABLE' : 'SITEINFO_UNREADABLE';
  throw new RotaError(
    code,
    `${apiUrl} answers with status ${response.status}: check the URL, or give a saved answer in a file.`,
  );
}

async function readFileHead(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    await using handle = await open(file, 'r');
    const buffer = Buffer.alloc(answerBytes);
    const { bytesRead } = await handle.read(buffer, 0, answerBytes, 0);
    bytes = buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new RotaError(
      'FILE_UNREADABLE',
      `The siteinfo file ${file} cannot be read (${error instanceof Error ? error.message : String(error)}).`,
      { cause: error },
    );
  }
  const plain = await decompressHead(bytes, file);
  const limit = plain[0] === 0x3c ? headBytes : answerBytes;
  return plain.subarray(0, limit).toString('utf8');
}

async function decompressHead(bytes: Buffer, file: string): Promise<Buffer> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZstd = bytes.length > 4 && bytes.readUInt32LE(0) === 0xfd2fb528;
  if (bytes.toString('latin1', 0, 3) === 'BZh')
    throw unreadable(file, 'it is compressed with bzip2; save its first lines as plain text');
  if (!isGzip && !isZstd) return bytes;
  // A big file is cut off on purpose: only its beginning is wanted.
  const part = bytes.subarray(0, 4 * headBytes);
  try {
    if (isGzip) return await gunzip(part, { finishFlush: constants.Z_SYNC_FLUSH });
    return await zstdDecompress(part, { finishFlush: constants.ZSTD_e_flush });
  } catch (error) {
    throw unreadable(
      file,
      `it cannot be decompressed (${error instanceof Error ? error.message : 'damaged'})`,
    );
  }
}

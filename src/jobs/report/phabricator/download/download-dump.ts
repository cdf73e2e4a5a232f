import { open, stat, writeFile } from 'node:fs/promises';
import { RotaError } from '../../../../core/errors/rota-error.ts';

export interface Downloaded {
  readonly bytes: number;
  /** By which it is known whether there is a newer one. */
  readonly mark: string | null;
  readonly modifiedAt: Date | null;
}

export interface DownloadOptions {
  readonly url: string;
  /** Where it goes; what an interrupted download left there is gone on with. */
  readonly file: string;
  /** Of the last dump that was loaded: an unchanged one is not fetched. */
  readonly known: string | null;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

/**
 * Fetches a dump. It resumes where an earlier try broke off if it is still the same file, and takes nothing for complete
 * that is shorter than the server said.
 * @returns null when it has not changed
 * @throws RotaError TRACKER_UNREACHABLE
 */
export async function downloadDump(options: DownloadOptions): Promise<Downloaded | null> {
  const { url, file, known, signal, progress } = options;
  const headers = await headOf(url, signal);
  const mark = markOf(headers);
  if (mark !== null && mark === known) return null;
  const markFile = `${file}.mark`;
  const wanted = lengthOf(headers);
  const have = mark !== null && (await readText(markFile)) === mark ? await sizeOf(file) : 0;
  if (have > 0 && have === wanted) return { bytes: have, mark, modifiedAt: modifiedAt(headers) };
  // More than there is cannot be the beginning of it.
  const from = wanted !== null && have > wanted ? 0 : have;
  return await fetchRest({ url, file, markFile, mark, have: from, signal, progress });
}

/**
 * What a server says of its dump.
 * @throws RotaError TRACKER_UNREACHABLE
 */
export async function lookAtDump(url: string, signal: AbortSignal): Promise<Omit<Downloaded, 'bytes'>> {
  const headers = await headOf(url, signal);
  return { mark: markOf(headers), modifiedAt: modifiedAt(headers) };
}

async function headOf(url: string, signal: AbortSignal): Promise<Headers> {
  const head = await request(url, { method: 'HEAD', signal });
  await head.body?.cancel();
  if (!head.ok) throw unreachable(url, `it answered ${head.status} ${head.statusText}`);
  return head.headers;
}

/** Fetches what is missing. It tells the mark of what the server sent in the end, which may be newer than what it announced. */
async function fetchRest(p: {
  readonly url: string;
  readonly file: string;
  readonly markFile: string;
  readonly mark: string | null;
  readonly have: number;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}): Promise<Downloaded> {
  const { url, file, markFile, have, signal, progress } = p;
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (have > 0 && p.mark !== null) {
    headers.range = `bytes=${have}-`;
    headers['if-range'] = p.mark;
  }
  const response = await request(url, { headers, signal });
  if (!response.ok || response.body === null) throw unreachable(url, `it answered ${response.status}`);
  // Without 206 the server sends the whole file.
  const isRest = response.status === 206;
  if (isRest && !response.headers.get('content-range')?.startsWith(`bytes ${have}-`)) {
    await response.body.cancel();
    throw unreachable(
      url,
      `it sent ${response.headers.get('content-range')} when asked for what follows ${have}`,
    );
  }
  const from = isRest ? have : 0;
  const mark = isRest ? p.mark : markOf(response.headers);
  const length = lengthOf(response.headers);
  const total = length === null ? null : from + length;
  await using handle = await open(file, from === 0 ? 'w' : 'r+');
  await writeFile(markFile, mark ?? '');
  let done = from;
  try {
    for await (const chunk of response.body) {
      await handle.write(chunk, 0, chunk.length, done);
      done += chunk.length;
      progress(done, total ?? 0);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(url, `it broke off after ${done} bytes; the next try goes on there`, error);
  }
  await handle.truncate(done);
  await handle.sync();
  if (total !== null && done !== total) {
    throw unreachable(url, `it sent ${done} of ${total} bytes; the next try goes on there`);
  }
  return { bytes: done, mark, modifiedAt: modifiedAt(response.headers) };
}

async function request(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    init.signal?.throwIfAborted();
    const { cause } = error as Error;
    throw unreachable(url, cause instanceof Error ? cause.message : (error as Error).message, error);
  }
}

/** A strong ETag, or else the date. */
function markOf(headers: Headers): string | null {
  const etag = headers.get('etag');
  if (etag !== null && !etag.startsWith('W/')) return etag;
  return headers.get('last-modified');
}

function lengthOf(headers: Headers): number | null {
  const text = headers.get('content-length');
  return text === null ? null : Number(text);
}

function modifiedAt(headers: Headers): Date | null {
  const text = headers.get('last-modified');
  return text === null ? null : new Date(text);
}

async function readText(file: string): Promise<string | null> {
  try {
    await using handle = await open(file);
    return await handle.readFile('utf8');
  } catch {
    return null;
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

function unreachable(url: string, why: string, cause?: unknown): RotaError {
  return new RotaError('TRACKER_UNREACHABLE', `${new URL(url).host} does not give the dump: ${why}`, {
    cause,
  });
}

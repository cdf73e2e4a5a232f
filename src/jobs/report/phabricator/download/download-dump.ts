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
  const head = await request(url, { method: 'HEAD', signal });
  await head.body?.cancel();
  if (!head.ok) throw unreachable(url, `it answered ${head.status} ${head.statusText}`);
  const mark = markOf(head.headers);
  if (mark !== null && mark === known) return null;
  const markFile = `${file}.mark`;
  const have = mark !== null && (await readText(markFile)) === mark ? await sizeOf(file) : 0;
  const wanted = Number(head.headers.get('content-length') ?? Number.NaN);
  if (have === 0 || have !== wanted) {
    await fetchRest({ url, file, markFile, mark, have, signal, progress });
  }
  const bytes = await sizeOf(file);
  if (Number.isFinite(wanted) && bytes !== wanted) {
    throw unreachable(url, `it sent ${bytes} of ${wanted} bytes; the next try goes on there`);
  }
  const modified = head.headers.get('last-modified');
  return { bytes, mark, modifiedAt: modified === null ? null : new Date(modified) };
}

async function fetchRest(p: {
  readonly url: string;
  readonly file: string;
  readonly markFile: string;
  readonly mark: string | null;
  readonly have: number;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}): Promise<void> {
  const { url, file, markFile, mark, have, signal, progress } = p;
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (have > 0 && mark !== null) {
    headers.range = `bytes=${have}-`;
    headers['if-range'] = mark;
  }
  const response = await request(url, { headers, signal });
  if (!response.ok || response.body === null) throw unreachable(url, `it answered ${response.status}`);
  // Without 206 the server sends the whole file.
  const from = response.status === 206 ? have : 0;
  const total = from + Number(response.headers.get('content-length') ?? 0);
  await using handle = await open(file, from === 0 ? 'w' : 'r+');
  await writeFile(markFile, mark ?? '');
  let done = from;
  try {
    for await (const chunk of response.body) {
      await handle.write(chunk, 0, chunk.length, done);
      done += chunk.length;
      progress(done, total);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(url, `it broke off after ${done} bytes; the next try goes on there`, error);
  }
  await handle.truncate(done);
  await handle.sync();
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

/** A strong ETag, or else date and length. */
function markOf(headers: Headers): string | null {
  const etag = headers.get('etag');
  if (etag !== null && !etag.startsWith('W/')) return etag;
  return headers.get('last-modified');
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

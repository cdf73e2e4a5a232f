import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import send from 'send';
import type { WebEnv } from '../web-env.ts';
import { contentType } from './content-type.ts';

export interface SendOptions {
  readonly policy: string;
  /** Files that never change may be kept; pages and status files are asked for anew each time. */
  readonly maxAgeMs: number;
  /** Pages of no origin, as those of the trees are, show it as a picture; else only pages of ours do. */
  readonly isShownAnywhere?: boolean;
}

/** Goes on to fs.createReadStream: files of a dump are big, and 64 KiB at a time cost a third of the speed. */
const readAhead = { highWaterMark: 1024 * 1024 };

interface SendError extends Error {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends a file with its length, type and entity tag, whole or the range that was asked for; a client whose connection
 * broke goes on where it was, and gets the whole file instead when that is another one by now (If-Range). The tag is
 * strong: of inode, size and time to the nanosecond, as published files are replaced, never written to.
 */
export async function sendFile(c: Context<WebEnv>, path: string, options: SendOptions): Promise<Response> {
  const { incoming, outgoing } = c.env;
  const { ino, size, mtimeNs } = await stat(path, { bigint: true });
  for (const [name, value] of c.res.headers) outgoing.setHeader(name, value);
  outgoing.setHeader('Content-Type', contentType(basename(path)));
  outgoing.setHeader('Content-Security-Policy', options.policy);
  if (options.isShownAnywhere) outgoing.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  outgoing.setHeader('ETag', `"${ino.toString(36)}-${size.toString(36)}-${mtimeNs.toString(36)}"`);
  const stream = send(incoming, encodeURIComponent(basename(path)), {
    root: dirname(path),
    dotfiles: 'deny',
    index: false,
    maxAge: options.maxAgeMs,
    ...readAhead,
  });
  await new Promise<void>((resolve) => {
    outgoing.once('close', resolve);
    stream.on('error', (error: SendError) => {
      if (outgoing.headersSent) {
        outgoing.destroy();
        return;
      }
      // It went away between looking and opening (retention), or the client asked for a range that it has not.
      const { status = 500, headers = {} } = error;
      const what = status === 404 ? 'There is no such file.\n' : 'This part of the file cannot be sent.\n';
      outgoing.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end(what);
    });
    stream.pipe(outgoing);
  });
  return RESPONSE_ALREADY_SENT;
}

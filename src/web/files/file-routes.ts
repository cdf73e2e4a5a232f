import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { notFound, show } from '../page-routes.ts';
import { folderPage } from '../pages/folder-page.ts';
import { filePolicy } from '../security/response-headers.ts';
import type { WebEnv } from '../web-env.ts';
import type { WebParts } from '../web-parts.ts';
import { decodedPath, findFile, hasIndex } from './find-file.ts';
import { listFolder } from './list-folder.ts';
import { sendFile } from './send-file.ts';

/** The trees as they lie on the disk: both for operators below /files/, the public one at the root of its face. */
export function fileRoutes(p: WebParts): Hono<WebEnv> {
  const files = new Hono<WebEnv>();
  if (p.face === 'public') {
    files.get('*', (c) => serve(p, c, { audience: 'public', mount: '' }));
    return files;
  }
  for (const audience of ['public', 'private'] as const) {
    files.get(`/files/${audience}/*`, (c) => serve(p, c, { audience, mount: `/files/${audience}` }));
    files.get(`/files/${audience}`, (c) => c.redirect(`/files/${audience}/`, 301));
  }
  return files;
}

async function serve(
  p: WebParts,
  c: Context<WebEnv>,
  { audience, mount }: { readonly audience: 'public' | 'private'; readonly mount: string },
): Promise<Response> {
  const send = { policy: filePolicy, maxAgeMs: 0, isShownAnywhere: audience === 'public' };
  const path = decodedPath(new URL(c.req.url).pathname.slice(mount.length));
  if (path === null) return notFound(p, c);
  const found = await findFile(p.farm.trees[audience].root, path);
  if (found.kind === 'file') return await sendFile(c, found.path, send);
  if (found.kind === 'none') return notFound(p, c);
  if (!path.endsWith('/')) return c.redirect(`${encodeURI(`${mount}${path}`)}/`, 301);
  if (await hasIndex(found.path)) {
    return await sendFile(c, join(found.path, 'index.html'), send);
  }
  return show(p, c, folderPage(path, await listFolder(found.path)), false);
}

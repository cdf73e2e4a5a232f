import { type Context, Hono } from 'hono';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { readScopeSource, type ScopeSource } from '../../operations/scopes/scope-source.ts';
import { unifiedDiff } from '../../operations/scopes/unified-diff.ts';
import { decodedPath, findFile } from '../files/find-file.ts';
import { sendFile } from '../files/send-file.ts';
import { notFound, show } from '../page-routes.ts';
import { scopePage } from '../pages/scope-page.ts';
import { filePolicy } from '../security/response-headers.ts';
import type { WebEnv } from '../web-env.ts';
import type { WebParts } from '../web-parts.ts';
import { editScope, isScopeAction } from './edit-scope.ts';

/** The page on which a scope's rules are edited, and the reports that were made for a look. */
export function scopePages(p: WebParts): Hono<WebEnv> {
  const pages = new Hono<WebEnv>();
  pages.get('/scopes/:name', async (c) => {
    const source = await sourceOf(p, c.req.param('name'));
    if (source === undefined) return notFound(p, c);
    const { text, digest } = source;
    const said = c.req.query('said') === 'saved' ? { text: 'Saved.', isWrong: false } : undefined;
    const page = scopePage({
      source,
      text,
      base: digest,
      visitor: c.get('visitor'),
      ...(said === undefined ? {} : { said }),
    });
    return show(p, c, page, false);
  });
  pages.post('/scopes/:name', async (c) => {
    const name = c.req.param('name');
    const form = await c.req.parseBody();
    const source = await sourceOf(p, name);
    if (source === undefined || !isScopeAction(form.do)) return notFound(p, c);
    const edited = await editScope(p, c, name, form.do, form);
    const visitor = c.get('visitor');
    if ('error' in edited) {
      // What was typed is not lost, whatever became of it.
      const text = String(form.text ?? source.text).replaceAll(/\r\n?/g, '\n');
      c.status(edited.status);
      const said = { text: `${edited.error}: ${edited.message}`, isWrong: true };
      const patch = unifiedDiff(source.shown, source.text, text);
      // Who saw that the file is another one may decide to go on from it.
      const base = edited.error === 'SCOPE_CHANGED' ? source.digest : String(form.base ?? '');
      return show(p, c, scopePage({ source, text, base, visitor, said, patch }), false);
    }
    if (form.do === 'save') return c.redirect(`/scopes/${encodeURIComponent(name)}?said=saved`, 303);
    if (form.do === 'patch') return patchFile(c, name, edited.patch);
    const { text, patch, preview } = edited;
    const base = String(form.base ?? '');
    const parts = { source, text, base, visitor, patch, ...(preview === undefined ? {} : { preview }) };
    return show(p, c, scopePage(parts), false);
  });
  pages.get('/previews/:id/*', async (c) => {
    const id = c.req.param('id');
    if (!p.previews.has(id)) return notFound(p, c);
    const path = decodedPath(new URL(c.req.url).pathname.slice(`/previews/${id}`.length));
    if (path === null) return notFound(p, c);
    const found = await findFile(p.previews.reportOf(id), path === '/' ? '/index.html' : path);
    if (found.kind !== 'file') return notFound(p, c);
    return await sendFile(c, found.path, { policy: filePolicy, maxAgeMs: 0 });
  });
  return pages;
}

/** The same for programs. */
export function scopeApi(p: WebParts): Hono<WebEnv> {
  const api = new Hono<WebEnv>();
  api.get('/scopes/:name', async (c) => {
    const source = await sourceOf(p, c.req.param('name'));
    if (source !== undefined) return c.json(source);
    return c.json(
      { error: 'SCOPE_UNKNOWN', message: 'there is no scope of that name with a file of its own' },
      404,
    );
  });
  api.post('/scopes/:name/:action', async (c) => {
    const { name, action } = c.req.param();
    if (!isScopeAction(action)) return c.json({ error: 'USAGE', message: 'there is no such action' }, 404);
    const edited = await editScope(p, c, name, action, await c.req.parseBody());
    if ('error' in edited) return c.json({ error: edited.error, message: edited.message }, edited.status);
    if (action === 'patch') return patchFile(c, name, edited.patch);
    if (action === 'save') return c.json(edited.source);
    const { id, ...facts } = edited.preview ?? { id: '' };
    return c.json({ ...facts, report: `/previews/${id}/`, patch: edited.patch });
  });
  return api;
}

/** Undefined where there is no such scope, or no file of it. */
async function sourceOf(p: WebParts, name: string): Promise<ScopeSource | undefined> {
  try {
    return await readScopeSource(p.farm.config, name);
  } catch (error) {
    if (isRotaError(error, 'SCOPE_UNKNOWN', 'SCOPE_NOT_EDITABLE')) return undefined;
    throw error;
  }
}

function patchFile(c: Context<WebEnv>, name: string, patch: string): Response {
  return c.body(patch, 200, {
    'Content-Type': 'text/x-diff; charset=utf-8',
    // A scope's name has nothing in it that a header could not hold.
    'Content-Disposition': `attachment; filename="${name}.patch"`,
  });
}

import { Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { clientAddress } from './client-address.ts';
import { show } from './page-routes.ts';
import { signInPage } from './pages/sign-in-page.ts';
import { mayDo, sessionCookie, tokenDigest, tryToken } from './security/visitor.ts';
import type { WebEnv } from './web-env.ts';
import type { WebParts } from './web-parts.ts';

export function signInRoutes(p: WebParts): Hono<WebEnv> {
  const routes = new Hono<WebEnv>();
  routes.get('/sign-in', (c) => {
    const to = c.req.query('to');
    // Who comes here by way of a page that is not ours is signed in after all.
    if (to !== undefined && mayDo(c.get('visitor'), 'view')) return c.redirect(ownPath(to), 303);
    return show(p, c, signInPage(ownPath(to), null), false);
  });
  routes.post('/sign-in', async (c) => {
    const form = await c.req.parseBody();
    const to = ownPath(typeof form.to === 'string' ? form.to : undefined);
    const token = typeof form.token === 'string' ? form.token.trim().slice(0, 200) : '';
    const from = clientAddress(c);
    const tried = await tryToken(p, from, token);
    if ('waitMs' in tried) {
      c.status(429);
      c.header('Retry-After', String(Math.ceil(tried.waitMs / 1000)));
      return show(p, c, signInPage(to, 'Too many wrong tokens from your address. Wait a minute.'), false);
    }
    const { found } = tried;
    await p.audit.write({
      by: found?.name ?? null,
      from,
      action: 'sign-in',
      outcome: found === undefined ? 'TOKEN_UNKNOWN' : 'done',
    });
    if (found === undefined) {
      c.status(403);
      return show(p, c, signInPage(to, 'Nobody has this token (any more).'), false);
    }
    const session = p.sessions.begin(found, tokenDigest(found));
    // Secure where the browser speaks TLS to the proxy before us; the cookie is refused by none otherwise.
    const secure = c.req.header('x-forwarded-proto') === 'https';
    setCookie(c, sessionCookie, session.id, { httpOnly: true, sameSite: 'Strict', path: '/', secure });
    return c.redirect(to, 303);
  });
  routes.post('/sign-out', async (c) => {
    const form = await c.req.parseBody();
    const session = c.get('visitor')?.session;
    if (session !== undefined && form.formKey === session.formKey) p.sessions.end(session.id);
    deleteCookie(c, sessionCookie, { path: '/' });
    return c.redirect('/', 303);
  });
  return routes;
}

/** A path of this server, never another's: `//elsewhere` and `/\elsewhere` are addresses of hosts. */
function ownPath(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])[\w\-./?=&%]*$/.test(to) ? to : '/';
}

import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isRotaError } from '../core/errors/rota-error.ts';
import { changeRoutes } from './api/change-routes.ts';
import { readRoutes } from './api/read-routes.ts';
import { atomFeed } from './feeds/atom.ts';
import { metrics } from './feeds/metrics.ts';
import { fileRoutes } from './files/file-routes.ts';
import { notFound, pageRoutes, show } from './page-routes.ts';
import { liveScript, styleSheet } from './pages/assets.ts';
import { errorPage, onceMorePage } from './pages/sign-in-page.ts';
import { scopeApi, scopePages } from './scopes/scope-routes.ts';
import { hostCheck } from './security/host-check.ts';
import { responseHeaders } from './security/response-headers.ts';
import { isLedByStranger, mayDo, recognise } from './security/visitor.ts';
import { signInRoutes } from './sign-in-routes.ts';
import type { WebEnv } from './web-env.ts';
import type { WebParts } from './web-parts.ts';

/** Forms are small, but for the text of a scope. */
const largestBodyBytes = 16 * 1024;
const largestScopeBytes = 512 * 1024;

/** What everybody may have who reaches the server: nothing in it tells of the farm. */
const open = ['/assets/style.css', '/assets/live.js', '/sign-in', '/healthz'];

/** All routes of a face. */
export function webApp(p: WebParts): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.use(hostCheck(p.hosts));
  app.use(responseHeaders);
  const limit = (maxSize: number) =>
    bodyLimit({ maxSize, onError: (c) => c.text('That is too much.\n', 413) });
  const [small, large] = [limit(largestBodyBytes), limit(largestScopeBytes)];
  app.use(async (c, next) =>
    /^\/(api\/v1\/)?scopes\//.test(c.req.path) ? await large(c, next) : await small(c, next),
  );
  app.get('/healthz', async (c) => {
    await p.farm.store.readGeneration();
    return c.text('ok\n');
  });
  app.get('/assets/style.css', (c) =>
    c.body(styleSheet, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'max-age=300' }),
  );
  app.get('/assets/live.js', (c) =>
    c.body(liveScript, 200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'max-age=300',
    }),
  );
  if (p.face === 'operators') {
    app.use(recognise(p));
    app.use(async (c, next) => {
      if (!p.isGuarded || open.includes(c.req.path) || mayDo(c.get('visitor'), 'view')) return await next();
      if (c.req.path.startsWith('/api/') || c.req.method !== 'GET') {
        return c.json({ error: 'SIGN_IN', message: 'this server is read with a token only' }, 401);
      }
      const signIn = `/sign-in?to=${encodeURIComponent(c.req.path)}`;
      c.header('Cache-Control', 'no-store');
      return isLedByStranger(c) ? c.html(String(onceMorePage(signIn))) : c.redirect(signIn, 303);
    });
    app.route('/', signInRoutes(p));
    app.route('/api/v1', changeRoutes(p));
    app.route('/api/v1', scopeApi(p));
    app.route('/', scopePages(p));
    app.get('/metrics', async (c) =>
      c.text(metrics(await p.reader.status()), 200, {
        'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      }),
    );
    app.get('/feed.atom', async (c) => {
      const runs = await p.reader.runs({ states: ['done', 'done-with-errors', 'failed'], limit: 50 });
      const feed = atomFeed(p.reader.name, new URL(c.req.url).origin, runs, p.clock.now());
      return c.body(feed, 200, { 'Content-Type': 'application/atom+xml; charset=utf-8' });
    });
  }
  app.route('/api/v1', readRoutes(p));
  app.route('/', pageRoutes(p));
  app.route('/', fileRoutes(p));
  app.notFound((c) =>
    c.req.path.startsWith('/api/')
      ? c.json({ error: 'USAGE', message: 'there is no such address' }, 404)
      : notFound(p, c),
  );
  app.onError((error, c) => {
    p.log.error({ path: c.req.path, error: error.message }, 'a request failed');
    const isAway = isRotaError(error, 'STORE_UNAVAILABLE', 'STORE_BUSY');
    const status = isAway ? 503 : 500;
    const text = isAway
      ? 'The run store does not answer; try again.'
      : 'Something went wrong here; the log says what.';
    c.status(status);
    if (c.req.path.startsWith('/api/') || c.req.path === '/healthz' || c.req.path === '/metrics') {
      return c.json({ error: isAway ? 'STORE_UNAVAILABLE' : 'INTERNAL', message: text });
    }
    return show(p, c, errorPage('This cannot be shown now', text), false);
  });
  return app;
}

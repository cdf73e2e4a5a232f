import type { MiddlewareHandler } from 'hono';

/** Our own pages: one script and one stylesheet, both ours; nothing else is loaded, framed or sent anywhere. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/**
 * Files of the trees are of no origin: a page among them could hold anything, and must not act for whoever looks at it.
 * Reports bring their style and script with them.
 */
export const filePolicy =
  "sandbox allow-scripts allow-downloads allow-popups; default-src 'none'; script-src 'unsafe-inline' 'self'; style-src 'unsafe-inline' 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

export const responseHeaders: MiddlewareHandler = async (c, next) => {
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Referrer-Policy', 'same-origin');
  c.header('Cross-Origin-Resource-Policy', 'same-origin');
  c.header('Content-Security-Policy', pagePolicy);
  return await next();
};

import type { MiddlewareHandler } from 'hono';

/**
 * Refuses requests whose Host header is none of ours: a page of somebody else's whose name was made to point here (DNS
 * rebinding) would otherwise read and act with the browser's cookie. Without names every host is taken: for the public
 * face, which has nothing to protect.
 */
export function hostCheck(names: readonly string[] | null): MiddlewareHandler {
  const allowed = names === null ? null : new Set(names.map((name) => name.toLowerCase()));
  return async (c, next) => {
    if (allowed !== null && !allowed.has(hostName(c.req.header('host') ?? ''))) {
      return c.text(
        'This is not the address of this server. Its names are set by web.hosts in rota.yaml.\n',
        421,
      );
    }
    return await next();
  };
}

/** Without the port: `[::1]:8080` is `[::1]`. */
export function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, '');
}

import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { permits, type Role } from '../../operations/access/roles.ts';
import type { AccessToken, AccessTokens } from '../../operations/access/tokens.ts';
import { clientAddress } from '../client-address.ts';
import type { WebEnv } from '../web-env.ts';
import type { Attempts } from './attempts.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Visitor } from './visitor-record.ts';

export const sessionCookie = 'rota-session';

export interface VisitorParts {
  readonly tokens: AccessTokens;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
}

/** Finds out who asks, by `Authorization: Bearer` or the cookie; a wrong token is refused at once. */
export function recognise(p: VisitorParts): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    const [, bearer] = /^Bearer ([\w-]{1,200})$/.exec(c.req.header('authorization') ?? '') ?? [];
    if (bearer !== undefined) {
      const person = await tryToken(p, clientAddress(c), bearer);
      if ('waitMs' in person) return tooMany(c, person.waitMs);
      if (person.found === undefined)
        return c.json({ error: 'TOKEN_UNKNOWN', message: 'nobody has this token' }, 401);
      c.set('visitor', { name: person.found.name, role: person.found.role });
      return await next();
    }
    const session = p.sessions.find(getCookie(c, sessionCookie) ?? '');
    if (session !== undefined) {
      const role = await roleNow(p.tokens, session);
      if (role === undefined) p.sessions.end(session.id);
      else c.set('visitor', { name: session.name, role, session });
    }
    return await next();
  };
}

/** Looks whose token it is; after too many wrong ones from an address none of its is looked at for a while. */
export async function tryToken(
  p: Pick<VisitorParts, 'tokens' | 'attempts'>,
  address: string,
  token: string,
): Promise<{ readonly found: AccessToken | undefined } | { readonly waitMs: number }> {
  const waitMs = p.attempts.waitMs(address);
  if (waitMs > 0) return { waitMs };
  const found = await p.tokens.find(token);
  if (found === undefined) p.attempts.note(address);
  return { found };
}

export function tokenDigest(person: AccessToken): string {
  return createHash('sha256').update(`${person.name} ${person.createdAt.toISOString()}`).digest('hex');
}

/** A token that was taken away ends the sessions that began with it. */
async function roleNow(tokens: AccessTokens, session: Session): Promise<Role | undefined> {
  const person = await tokens.named(session.name);
  return person !== undefined && tokenDigest(person) === session.token ? person.role : undefined;
}

export function tooMany(c: Context, waitMs: number): Response {
  c.header('Retry-After', String(Math.ceil(waitMs / 1000)));
  return c.json(
    { error: 'TOO_MANY_ATTEMPTS', message: 'too many tries from this address; wait a while' },
    429,
  );
}

/**
 * Whether a page that is not ours led here: for that a browser keeps a cookie back that is SameSite=Strict. Files of the trees are
 * such pages, too, as they are of no origin.
 */
export function isLedByStranger(c: Context): boolean {
  return c.req.header('sec-fetch-site') === 'cross-site' && c.req.header('sec-fetch-mode') === 'navigate';
}

export function mayDo(visitor: Visitor | undefined, wanted: Role): boolean {
  return visitor !== undefined && permits(visitor.role, wanted);
}

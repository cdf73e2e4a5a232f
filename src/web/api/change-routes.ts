import { type Context, Hono } from 'hono';
import { isRotaError, type RotaError } from '../../core/errors/rota-error.ts';
import { changeRun, type RunChange } from '../../operations/runs/change-run.ts';
import { isRunChange, roleFor } from '../actions.ts';
import { clientAddress } from '../client-address.ts';
import { mayDo, tooMany } from '../security/visitor.ts';
import type { Visitor } from '../security/visitor-record.ts';
import type { WebEnv } from '../web-env.ts';
import type { WebParts } from '../web-parts.ts';

/** Acting on runs: by programs with a token, and by the forms of our own pages. Everything asked for is written down. */
export function changeRoutes(p: WebParts): Hono<WebEnv> {
  const api = new Hono<WebEnv>();
  api.post('/runs/:job/:subject/:date/:change', async (c) => {
    const { job, subject, date, change } = c.req.param();
    if (!isRunChange(change)) return c.json({ error: 'USAGE', message: 'there is no such action' }, 404);
    const id = `${job}/${subject}/${date}`;
    const form = await c.req.parseBody();
    const visitor = c.get('visitor');
    const refusal = refused(visitor, change, form);
    const note = async (outcome: string) =>
      await p.audit.write({
        by: visitor?.name ?? null,
        from: clientAddress(c),
        action: change,
        what: id,
        outcome,
      });
    if (refusal !== null) {
      await note(refusal.error);
      return c.json({ error: refusal.error, message: refusal.message }, refusal.status);
    }
    const who = visitor?.name ?? '';
    const waitMs = p.actions.waitMs(who);
    if (waitMs > 0) {
      await note('TOO_MANY_ATTEMPTS');
      return tooMany(c, waitMs);
    }
    p.actions.note(who);
    const found = await p.reader.run(id);
    if (found === undefined) {
      await note('RUN_UNKNOWN');
      return c.json({ error: 'RUN_UNKNOWN', message: `there is no run ${id}` }, 404);
    }
    try {
      const { farm } = p;
      const tools = { store: farm.store, clock: p.clock, workspaceOf: farm.workspaceOf };
      const run = await farm.store.readRun({ id: found.run.id });
      const after = await changeRun(tools, {
        change,
        run: run ?? found.run,
        by: `${who} (web)`,
        ...details(form),
      });
      await note('done');
      p.live.changed();
      return done(c, visitor, change, id, after.state);
    } catch (error) {
      if (!isRotaError(error)) throw error;
      await note(error.code);
      return failed(c, visitor, id, error);
    }
  });
  return api;
}

type Form = Readonly<Record<string, unknown>>;

interface Refusal {
  readonly error: string;
  readonly message: string;
  readonly status: 401 | 403;
}

/** A browser's cookie alone is not enough: the form must come from a page of ours. */
function refused(visitor: Visitor | undefined, change: RunChange, form: Form): Refusal | null {
  const role = roleFor(change);
  if (visitor === undefined) {
    return {
      error: 'SIGN_IN',
      message: `to ${change} a run needs a token with the role ${role}`,
      status: 401,
    };
  }
  if (visitor.session !== undefined && form.formKey !== visitor.session.formKey) {
    return {
      error: 'FORM_UNKNOWN',
      message: 'this form is not from a page of this server, or an old one',
      status: 403,
    };
  }
  if (!mayDo(visitor, role)) {
    return {
      error: 'ROLE',
      message: `${visitor.name} has the role ${visitor.role}; to ${change} needs ${role}`,
      status: 403,
    };
  }
  return null;
}

function details(form: Form): { readonly sets?: readonly string[]; readonly reason?: string } {
  const sets = typeof form.sets === 'string' ? form.sets.split(',').filter((set) => set !== '') : [];
  return {
    ...(sets.length === 0 ? {} : { sets }),
    ...(typeof form.reason === 'string' && form.reason !== '' ? { reason: form.reason.slice(0, 500) } : {}),
  };
}

function done(
  c: Context<WebEnv>,
  visitor: Visitor | undefined,
  change: RunChange,
  id: string,
  state: string,
): Response {
  if (visitor?.session === undefined) return c.json({ run: id, state });
  return c.redirect(`/runs/${id}?said=${change}`, 303);
}

function failed(c: Context<WebEnv>, visitor: Visitor | undefined, id: string, error: RotaError): Response {
  if (visitor?.session === undefined) return c.json({ error: error.code, message: error.message }, 409);
  return c.redirect(`/runs/${id}?said=${error.code}`, 303);
}

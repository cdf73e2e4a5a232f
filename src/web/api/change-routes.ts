import { type Context, Hono } from 'hono';
import { isRotaError, type RotaError } from '../../core/errors/rota-error.ts';
import { changeRun, type RunChange } from '../../operations/runs/change-run.ts';
import { isRunChange, roleFor } from '../actions.ts';
import { clientAddress } from '../client-address.ts';
import { type Form, refusalOf } from '../security/refusal.ts';
import { tooMany } from '../security/visitor.ts';
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
    const refusal = refusalOf(visitor, { role: roleFor(change), what: `to ${change} a run`, form });
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

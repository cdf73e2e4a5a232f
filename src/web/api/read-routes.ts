import { Hono } from 'hono';
import type { RunFilter } from '../../control/store/run-store.ts';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { parseRunId } from '../../core/ids.ts';
import { isRunState, type RunState } from '../../core/run-state.ts';
import { changeEvents } from '../live/event-stream.ts';
import type { WebEnv } from '../web-env.ts';
import type { WebParts } from '../web-parts.ts';
import { runAnswer, statusAnswer } from './answers.ts';
import { describeApi } from './description.ts';

/** Reading over the API. */
export function readRoutes(p: WebParts): Hono<WebEnv> {
  const api = new Hono<WebEnv>();
  api.get('/openapi.json', (c) => c.json(describeApi(p.face, p.version)));
  api.get('/events', (c) => changeEvents(c, p.live, p.signal));
  api.get('/status', async (c) =>
    c.json(statusAnswer(p.face === 'public' ? await p.reader.publicStatus() : await p.reader.status())),
  );
  if (p.face === 'public') return api;
  api.get('/schedule', async (c) =>
    c.json({ schedules: await p.reader.schedules(), missed: await p.reader.missed() }),
  );
  api.get('/runs', async (c) => {
    const filter = runFilter((name) => c.req.query(name));
    if (filter === null)
      return c.json({ error: 'USAGE', message: 'state, limit or after is not understood' }, 400);
    const runs = await p.reader.runs(filter);
    const next = runs.length < (filter.limit ?? 0) ? null : (runs.at(-1)?.id ?? null);
    return c.json({ runs: runs.map(runAnswer), next });
  });
  api.get('/runs/:job/:subject/:date', async (c) => {
    const { job, subject, date } = c.req.param();
    const found = await p.reader.run(`${job}/${subject}/${date}`);
    if (found === undefined) return c.json({ error: 'RUN_UNKNOWN', message: 'there is no such run' }, 404);
    return c.json({ ...found, run: runAnswer(found.run) });
  });
  api.get('/runs/:job/:subject/:date/hosts', async (c) => {
    const { job, subject, date } = c.req.param();
    const found = await p.reader.run(`${job}/${subject}/${date}`);
    if (found === undefined) return c.json({ error: 'RUN_UNKNOWN', message: 'there is no such run' }, 404);
    const grid = await p.reader.grid(found.run);
    if (grid !== undefined) return c.json(grid);
    return c.json(
      { error: 'RUN_UNKNOWN', message: 'nothing was done on hosts in this run, or it is not known here' },
      404,
    );
  });
  api.get('/runs/:job/:subject/:date/log', async (c) => {
    const { job, subject, date } = c.req.param();
    const found = await p.reader.run(`${job}/${subject}/${date}`);
    if (found === undefined) return c.json({ error: 'RUN_UNKNOWN', message: 'there is no such run' }, 404);
    const lines = Number(c.req.query('lines') ?? 200);
    return c.json({
      lines: await p.reader.log(found.run, Math.min(2_000, Math.max(1, Math.trunc(lines) || 200))),
    });
  });
  return api;
}

/** Null where it makes no sense. */
export function runFilter(
  query: (name: string) => string | undefined,
): (RunFilter & { readonly limit: number }) | null {
  const [job, subject, state, after] = ['job', 'subject', 'state', 'after'].map(
    (name) => query(name) || undefined,
  );
  const limit = Number(query('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) return null;
  if (state !== undefined && !isRunState(state)) return null;
  const id = after === undefined ? undefined : runIdOrNull(after);
  if (id === null) return null;
  return {
    limit,
    ...(job === undefined ? {} : { job }),
    ...(subject === undefined ? {} : { subject }),
    ...(state === undefined ? {} : { states: [state satisfies RunState] }),
    ...(id === undefined ? {} : { after: id }),
  };
}

function runIdOrNull(text: string) {
  try {
    return parseRunId(text).id;
  } catch (error) {
    if (isRotaError(error, 'USAGE')) return null;
    throw error;
  }
}

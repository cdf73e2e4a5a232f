import { type Context, Hono } from 'hono';
import { isName } from '../core/ids.ts';
import type { SubjectStatus } from '../operations/status/farm-status.ts';
import { readPublishedDates } from '../publish/listing/published-dates.ts';
import { html } from '../publish/pages/html.ts';
import { runFilter } from './api/read-routes.ts';
import { readShownDays } from './data/shown-days.ts';
import { deploymentsPage, type EnvironmentParts } from './pages/deployments-page.ts';
import { farmPage } from './pages/farm-page.ts';
import { layout, type PageParts } from './pages/layout.ts';
import { jobPage, runsPage, schedulePage } from './pages/list-pages.ts';
import { wordsForOutcome } from './pages/outcome.ts';
import { runPage } from './pages/run-page.ts';
import { errorPage } from './pages/sign-in-page.ts';
import { subjectPage } from './pages/subject-page.ts';
import type { WebEnv } from './web-env.ts';
import type { WebParts } from './web-parts.ts';

const logLines = 200;

/** The pages of a face. */
export function pageRoutes(p: WebParts): Hono<WebEnv> {
  const pages = new Hono<WebEnv>();
  if (p.face === 'public') {
    pages.get('/status', async (c) => show(p, c, farmPage(await p.reader.publicStatus(), p.face)));
    return pages;
  }
  pages.get('/', async (c) => show(p, c, farmPage(await p.reader.status(), p.face)));
  pages.get('/subjects/:subject', async (c) => {
    const page = await subject(p, c.req.param('subject'));
    return page === undefined ? notFound(p, c) : show(p, c, page);
  });
  pages.get('/runs', async (c) => {
    const filter = runFilter((name) => c.req.query(name));
    if (filter === null) return notFound(p, c);
    const runs = await p.reader.runs(filter);
    const query = { job: filter.job ?? '', subject: filter.subject ?? '', state: filter.states?.[0] ?? '' };
    const last = runs.at(-1);
    const next =
      last === undefined || runs.length < filter.limit
        ? null
        : `/runs?${new URLSearchParams({ ...query, after: last.id }).toString()}`;
    return show(
      p,
      c,
      runsPage(
        runs,
        query,
        p.farm.jobs.map(({ name }) => name),
        next,
      ),
    );
  });
  pages.get('/runs/:job/:subject/:date', async (c) => {
    const { job, subject: of, date } = c.req.param();
    const answer = await p.reader.run(`${job}/${of}/${date}`);
    if (answer === undefined) return notFound(p, c);
    const log = await p.reader.log(answer.run, logLines);
    const said = wordsForOutcome(c.req.query('said'), answer.run);
    const grid = await p.reader.grid(answer.run);
    return show(p, c, runPage({ answer, grid, log, visitor: c.get('visitor'), now: p.clock.now(), said }));
  });
  pages.get('/schedule', async (c) =>
    show(
      p,
      c,
      schedulePage(await p.reader.schedules(), (await p.reader.status()).subjects, await p.reader.missed()),
    ),
  );
  pages.get('/reports', async (c) => show(p, c, reports(p, (await p.reader.status()).subjects)));
  pages.get('/deployments', async (c) => show(p, c, deploymentsPage(await environments(p))));
  return pages;
}

async function subject(p: WebParts, name: string): Promise<PageParts | undefined> {
  if (!isName(name)) return undefined;
  const { subjects } = await p.reader.status();
  const statuses = subjects.filter((one) => one.subject === name);
  const runs = await p.reader.runs({ subject: name, limit: 30 });
  const [first] = statuses;
  if (first === undefined && runs.length === 0) return undefined;
  const audience = statuses.some((one) => p.reader.isPublic(one)) ? 'public' : 'private';
  const isWiki = p.farm.config.wikis.has(name);
  const { folder, delayMs } = p.farm.config.jobs.changes.settings;
  const changes = {
    days: isWiki
      ? await p.live.ask(`days ${name}`, () =>
          readShownDays(p.farm.store, name, { now: p.clock.now(), delayMs }),
        )
      : [],
    folder: `/files/public/${encodeURI(folder)}/${encodeURIComponent(name)}`,
  };
  const dates = isWiki
    ? await p.live.ask(`dates ${name}`, () => readPublishedDates(p.farm.trees[audience], name))
    : [];
  return subjectPage({ subject: name, statuses, runs, dates, audience, changes });
}

function reports(p: WebParts, subjects: readonly SubjectStatus[]): PageParts {
  return jobPage({
    title: 'Reports',
    subjects: subjects.filter(({ job }) => job === 'report' || job === 'phabricator-load'),
    empty: 'No scope is described in rota.yaml.',
    links: (one) =>
      one.job === 'report'
        ? html` <a href="/files/public/reports/${encodeURIComponent(one.subject)}/">Read it</a>${p.farm.config.scopeSources.has(one.subject) ? html` · <a href="/scopes/${encodeURIComponent(one.subject)}">Its rules</a>` : null}`
        : null,
  });
}

async function environments(p: WebParts): Promise<readonly EnvironmentParts[]> {
  const subjects = (await p.reader.status()).subjects.filter(({ job }) => job === 'deploy');
  return await Promise.all(
    subjects.map(async (status) => {
      const answer = status.run === undefined ? undefined : await p.reader.run(status.run);
      return {
        status,
        live: await p.reader.liveVersion(status.subject),
        grid: answer === undefined ? undefined : await p.reader.grid(answer.run),
      };
    }),
  );
}

/** The whole page; or, for a page that renews itself, its content only. */
export function show(p: WebParts, c: Context<WebEnv>, page: PageParts, live = true): Response {
  c.header('Cache-Control', 'no-store');
  c.header('Vary', 'Rota-Part');
  if (c.req.header('rota-part') === 'main') return c.html(String(page.body));
  const { path } = c.req;
  return c.html(layout(page, { farm: p.reader.name, face: p.face, path, visitor: c.get('visitor'), live }));
}

export function notFound(p: WebParts, c: Context<WebEnv>): Response {
  c.status(404);
  return show(p, c, errorPage('There is no such page', 'The address may be old, or mistyped.'), false);
}

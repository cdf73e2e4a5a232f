import type { Random } from '../../core/random.ts';
import type { Language } from '../language/language.ts';
import type { People } from '../people/people.ts';
import type { PageKind } from '../text/page-kind.ts';
import { TitleMaker } from '../titles/make-titles.ts';
import type { PagePlan } from './page-plan.ts';
import type { WikiOptions } from './wiki-options.ts';

/** Shares of the pages by kind and namespace, in parts of 1000. */
const mixture: readonly (readonly [number, PageKind, number])[] = [
  [0, 'article', 520],
  [0, 'redirect', 90],
  [1, 'talk', 110],
  [2, 'user', 45],
  [3, 'talk', 80],
  [4, 'project', 25],
  [5, 'talk', 10],
  [6, 'file', 30],
  [8, 'message', 10],
  [10, 'template', 35],
  [12, 'project', 5],
  [14, 'category', 40],
];

const longestPage = 160_000;
/** Below the 2 MB that MediaWiki allows. */
const endlessList = 1_900_000;

/** Decides which pages there are, how often each is edited, how long it becomes, and what else happens to it. */
export function planPages(
  options: WikiOptions,
  language: Language,
  people: People,
  random: Random,
): PagePlan[] {
  const titles = new TitleMaker(language, random);
  const from = options.from.getTime() / 1000;
  const until = options.until.getTime() / 1000;
  const moves = Math.round(options.pages * 0.03);
  const planned = options.pages - moves;
  const kinds = Array.from({ length: planned }, (_, index) => kindOf(index, planned));
  const revisions = shareRevisions(
    kinds.map(([, kind]) => kind),
    options.revisions - moves,
    random,
  );
  const pages: PagePlan[] = [];
  const subjects: string[] = [];
  kinds.forEach(([namespace, kind], index) => {
    const count = revisions[index] ?? 1;
    const title =
      index === 0
        ? titles.like(0, language.mainPage)
        : titleOf(titles, namespace, kind, random, people, subjects);
    if (namespace === 0) subjects.push(title);
    const shaped = index > 0 && (kind === 'article' || kind === 'talk');
    pages.push({
      namespace,
      title,
      kind: index > 0 ? special(title, kind) : kind,
      revisions: count,
      bytes: relativeSize(kind, count, random),
      fate: shaped && random.chance(0.01) ? 'restored' : 'kept',
      moveAt: 0,
      newTitle: '',
      protectAt: (index === 0 || random.chance(0.008)) && count > 1 ? random.between(2, count) : 0,
      imported: shaped && count < 60 && random.chance(0.02),
      twoSlots: kind === 'article' && count > 1 && random.chance(0.004),
      createdAt: index === 0 ? from : Math.floor(from + (until - from) * random.float() ** 1.2),
      endsAt: until,
    });
  });
  scaleSizes(pages, options.meanBytes);
  // Where too few pages could be moved, plain redirects stand in for those that a move leaves behind.
  for (let left = planMoves(pages, moves, titles, random); left > 0; left -= 1) {
    pages.push({
      ...unremarkable,
      title: titles.article(0),
      kind: 'redirect',
      createdAt: until - left,
      endsAt: until,
    });
  }
  return [...pages, ...doomedPages(pages, titles, random, from)];
}

/** A page to which nothing happens. */
const unremarkable = {
  namespace: 0,
  revisions: 1,
  bytes: 0,
  fate: 'kept',
  moveAt: 0,
  newTitle: '',
  protectAt: 0,
  imported: false,
  twoSlots: false,
} as const;

function kindOf(index: number, planned: number): readonly [number, PageKind] {
  // Spread evenly, so that small wikis have every kind too. 7919 is prime: every place in the mixture comes up.
  let place = index === 0 ? 0 : planned < 1000 ? Math.floor((index * 1000) / planned) : (index * 7919) % 1000;
  for (const [namespace, kind, share] of mixture) {
    if (place < share) return [namespace, kind];
    place -= share;
  }
  return [0, 'article'];
}

/** At least one revision each, and a few pages with a great many; the sum is exact. */
function shareRevisions(kinds: readonly PageKind[], total: number, random: Random): readonly number[] {
  const weights = kinds.map((kind) => {
    if (kind === 'redirect') return 0.02;
    const factor = kind === 'article' ? 1 : kind === 'talk' ? 0.5 : 0.3;
    return Math.min(random.pareto(0.8), 20 + kinds.length * 0.15) * factor;
  });
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const spare = Math.max(0, total - kinds.length);
  let before = 0;
  let given = 0;
  return weights.map((weight) => {
    before += weight;
    const upTo = Math.round((before / sum) * spare);
    const extra = upTo - given;
    given = upTo;
    return 1 + extra;
  });
}

function relativeSize(kind: PageKind, revisions: number, random: Random): number {
  const size = random.logNormal(1, 0.9) * (1 + revisions) ** 0.42;
  if (kind === 'article') return size;
  if (kind === 'project' || kind === 'talk') return size * 0.7;
  return kind === 'redirect' ? 0 : size * 0.05;
}

/** Makes the mean over all revisions what was asked for; a page grows roughly with the root of its age in edits. */
function scaleSizes(pages: readonly PagePlan[], meanBytes: number): void {
  const meanGrowth = 0.62;
  const revisions = pages.reduce((sum, page) => sum + page.revisions, 0);
  let scale = meanBytes;
  for (let round = 0; round < 12; round += 1) {
    const sum = pages.reduce(
      (all, page) => all + Math.min(longestPage, page.bytes * scale) * meanGrowth * page.revisions,
      0,
    );
    scale *= (meanBytes * revisions) / Math.max(1, sum);
  }
  for (const page of pages) page.bytes = Math.round(Math.min(longestPage, page.bytes * scale));
  // Every big wiki has a few endless lists, which are seldom edited.
  let lists = Math.floor(pages.length / 3000);
  for (const page of pages) {
    if (lists === 0) break;
    if (page.kind !== 'article' || page.revisions > 2) continue;
    page.bytes = endlessList / (1 + (lists % 3));
    lists -= 1;
  }
}

/** Chooses which pages are moved, and when; says how many could not be. */
function planMoves(pages: readonly PagePlan[], count: number, titles: TitleMaker, random: Random): number {
  const able = pages.filter((page, index) => index > 0 && page.revisions > 1 && page.kind === 'article');
  let left = count;
  for (let tries = 0; left > 0 && tries < count * 50 && able.length > 0; tries += 1) {
    const page = random.pick(able);
    if (page.moveAt > 0 || page.imported) continue;
    page.moveAt = page.revisions > 2 ? random.between(2, page.revisions) : 2;
    if (page.moveAt === page.protectAt) {
      page.moveAt = 0;
      continue;
    }
    page.newTitle = titles.article(page.namespace);
    left -= 1;
  }
  return left;
}

/** Pages that end in the archive, some of them under a name that is used again later. */
function* doomedPages(
  pages: readonly PagePlan[],
  titles: TitleMaker,
  random: Random,
  from: number,
): Generator<PagePlan> {
  for (let left = Math.max(2, Math.round(pages.length * 0.03)); left > 0; left -= 1) {
    const heir = pages[random.below(pages.length)];
    const again =
      heir !== undefined && random.chance(0.3) && heir.namespace === 0 && heir.createdAt - from > 1_000_000
        ? heir
        : null;
    const revisions = Math.min(40, Math.ceil(random.pareto(1.2)));
    const createdAt = again === null ? from + random.below(600_000_000) : again.createdAt - 900_000;
    yield {
      namespace: 0,
      title: again === null ? titles.article(0) : again.title,
      kind: 'article',
      revisions,
      bytes: 200 + random.below(3000),
      fate: left === 1 || random.chance(0.1) ? 'suppressed' : 'deleted',
      moveAt: 0,
      newTitle: '',
      protectAt: 0,
      imported: false,
      twoSlots: false,
      createdAt,
      endsAt: createdAt + 800_000,
    };
  }
}

function titleOf(
  titles: TitleMaker,
  namespace: number,
  kind: PageKind,
  random: Random,
  people: People,
  subjects: readonly string[],
): string {
  switch (namespace) {
    case 1:
      return subjects.length > 0 ? titles.like(1, random.pick(subjects), '/Archive_') : titles.article(1);
    case 2:
    case 3: {
      const user = people.users[random.zipf(people.users.length)]?.name ?? 'Admin';
      const page =
        namespace === 2 ? random.pick(['', '/common.js', '/style.css', '/data.json', '/Sandbox']) : '';
      return titles.like(namespace, user + page, '/');
    }
    case 6:
      return titles.like(6, `${titles.article(-6)}.${random.pick(['jpg', 'png', 'svg'])}`, '.');
    case 8:
      return titles.like(
        8,
        random.pick(['Common.css', 'Common.js', 'Sidebar', 'Sitenotice', titles.article(-8)]),
        '/',
      );
    default:
      return kind === 'template' && random.chance(0.1)
        ? titles.like(10, random.pick(['Reflist', 'Cite web', 'Citation needed', 'Information']), '/')
        : titles.article(namespace);
  }
}

/** Pages whose names decide their content model. */
function special(title: string, kind: PageKind): PageKind {
  if (kind !== 'user' && kind !== 'message') return kind;
  if (title.endsWith('.css')) return 'css';
  if (title.endsWith('.js')) return 'javascript';
  return kind === 'user' && title.endsWith('.json') ? 'json' : kind;
}

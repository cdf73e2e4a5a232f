import { type Html, html } from '../../../../publish/pages/html.ts';
import { longDate } from '../../charts/draw/dates.ts';
import type { ReportJson } from '../data/report-json.ts';
import { reportFrame } from '../frame/report-frame.ts';
import { presentable } from '../presentable.ts';
import type { ReportFile } from '../report-file.ts';
import { failureNotice, mainOf, type ScopeEntry } from './index-page.ts';

/** A third more in the page. */
const mostPictureChars = 330_000;

export interface Group {
  /** The base name of its page. */
  readonly name: string;
  readonly title: string;
  readonly scopes: readonly ScopeEntry[];
}

interface Board {
  readonly scope: ScopeEntry;
  /** Its SVG; null: the page links to the file. */
  readonly picture: string | null;
}

/** The picture of a scope on dashboards, in its report's folder. */
export function boardPicture(report: ReportJson): string {
  return `charts/backlog-burn-up-${mainOf(report).unit}-narrow.svg`;
}

/**
 * A dashboard: the burn-ups of several scopes on one page, as the pictures that their reports published.
 * @param pictureOf their SVG, which the page then holds: where its server wants to know who reads, a browser shows pictures
 * beside a page of a sandbox to nobody. null: the page links to the file
 */
export function renderGroup(
  given: Group,
  allScopes: string,
  pictureOf: (scope: string) => string | null = () => null,
): ReportFile {
  const { name, title, scopes } = presentable(given);
  return {
    path: `${name}.html`,
    content: reportFrame(
      { title, pictures: true },
      html`<header>
<nav class="crumbs" aria-label="Where this is"><a href="${allScopes}">All scopes</a> / <bdi>${title}</bdi></nav>
<h1><bdi>${title}</bdi></h1>
</header>
<main>
${scopes.map(failureNotice)}
<div class="boards">${withinSize(scopes, pictureOf).map(board)}</div>
</main>`,
    ),
  };
}

/** Pages stay small enough to be read on the way: behind the first pictures the others are linked to. */
function withinSize(
  scopes: readonly ScopeEntry[],
  pictureOf: (scope: string) => string | null,
): readonly Board[] {
  let left = mostPictureChars;
  return scopes.map((scope) => {
    const picture = pictureOf(scope.scope);
    left -= picture?.length ?? 0;
    return { scope, picture: left < 0 ? null : picture };
  });
}

function board({ scope: { title, report, folder }, picture }: Board): Html {
  if (report === null)
    return html`<figure><figcaption><h2><bdi>${title}</bdi></h2><p>There is no report yet.</p></figcaption></figure>`;
  const { unit } = mainOf(report);
  const sentence = report[unit].sentence;
  const source =
    picture === null
      ? `${folder}${boardPicture(report)}`
      : `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`;
  return html`<figure>
<figcaption><h2><a href="${folder}index.html"><bdi>${title}</bdi></a></h2><p>${sentence} As of ${longDate(report.asOf)}.</p></figcaption>
<a href="${folder}burn-up.html"><img src="${source}" alt="Burn-up of ${title}: ${sentence}" width="358" height="420" loading="lazy"></a>
</figure>`;
}

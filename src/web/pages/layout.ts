import { type Html, html } from '../../publish/pages/html.ts';
import type { Face } from '../face.ts';
import type { Visitor } from '../security/visitor-record.ts';

export interface PageParts {
  readonly title: string;
  readonly body: Html;
}

export interface Surroundings {
  readonly farm: string;
  readonly face: Face;
  /** Path of the page, to mark it in the list of pages. */
  readonly path: string;
  readonly visitor: Visitor | undefined;
  /** The page changes by itself. */
  readonly live: boolean;
}

const operatorPages = [
  ['/', 'Farm'],
  ['/runs', 'Runs'],
  ['/schedule', 'Schedule'],
  ['/reports', 'Reports'],
  ['/deployments', 'Deployments'],
  ['/files/public/', 'Files'],
] as const;

const publicPages = [
  ['/status', 'Status'],
  ['/backup-index.html', 'Dumps'],
] as const;

/** A whole page. Without JavaScript it is the same, and does not change by itself. */
export function layout(page: PageParts, around: Surroundings): string {
  const pages = around.face === 'public' ? publicPages : operatorPages;
  return `${html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} – ${around.farm}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/style.css">
${around.face === 'public' ? null : html`<link rel="alternate" type="application/atom+xml" title="Finished runs" href="/feed.atom">`}
${around.live ? html`<script src="/assets/live.js" defer></script>` : null}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><div class="bar"><a class="brand" href="${pages[0][0]}">${around.farm}</a>
<nav aria-label="Pages"><ul>${pages.map(([href, text]) => html`<li><a href="${href}"${isHere(href, around.path) ? html` aria-current="page"` : null}>${text}</a></li>`)}</ul></nav>
${around.face === 'public' ? null : who(around)}</div></header>
<main id="main" tabindex="-1"${around.live ? html` data-live` : null}>
${page.body}
</main>
<p id="live-state" class="soft" role="status"></p>
</body>
</html>
`}`;
}

function isHere(href: string, path: string): boolean {
  return href === '/' ? path === '/' || path.startsWith('/subjects/') : path.startsWith(href);
}

function who({ visitor, path }: Surroundings): Html {
  if (visitor === undefined)
    return html`<a class="who" href="/sign-in?to=${encodeURIComponent(path)}">Sign in</a>`;
  if (visitor.session === undefined) return html`<span class="who">${visitor.name}</span>`;
  return html`<form class="who" method="post" action="/sign-out"><input type="hidden" name="formKey" value="${visitor.session.formKey}">
<span>${visitor.name} (${visitor.role})</span> <button>Sign out</button></form>`;
}

import { html } from '../../publish/pages/html.ts';
import { readableSize } from '../../publish/pages/sizes.ts';
import type { Entry } from '../files/list-folder.ts';
import type { PageParts } from './layout.ts';
import { time } from './words.ts';

export function folderPage(path: string, entries: readonly Entry[]): PageParts {
  return {
    title: path,
    body: html`<h1>${path}</h1>
<div class="scroll" tabindex="0" role="region" aria-label="Files"><table><thead><tr><th scope="col">name</th><th scope="col" class="number">size</th><th scope="col">changed</th></tr></thead>
<tbody>${path === '/' ? null : html`<tr><th scope="row"><a href="../">..</a></th><td></td><td></td></tr>`}${entries.map(
      (one) =>
        html`<tr><th scope="row"><a href="./${encodeURIComponent(one.name)}${one.isFolder ? '/' : ''}">${one.name}${one.isFolder ? '/' : ''}</a></th><td class="number">${one.isFolder ? null : readableSize(one.bytes)}</td><td>${time(one.at)}</td></tr>`,
    )}</tbody></table></div>`,
  };
}

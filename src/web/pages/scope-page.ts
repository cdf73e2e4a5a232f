import type { ScopeSource } from '../../operations/scopes/scope-source.ts';
import { type Html, html } from '../../publish/pages/html.ts';
import type { Preview, PreviewRule } from '../scopes/previews.ts';
import { mayDo } from '../security/visitor.ts';
import type { Visitor } from '../security/visitor-record.ts';
import type { PageParts } from './layout.ts';

export interface ScopePageParts {
  readonly source: ScopeSource;
  /** What stands in the field: of the file, or what was sent. */
  readonly text: string;
  /** Digest of the file's text when editing began. */
  readonly base: string;
  readonly visitor: Visitor | undefined;
  /** What became of what was asked for. */
  readonly said?: { readonly text: string; readonly isWrong: boolean };
  readonly preview?: Preview;
  /** The difference to the file as it is now. */
  readonly patch?: string;
}

/** A scope's file in a field, what its rules would catch, and the difference. */
export function scopePage(p: ScopePageParts): PageParts {
  const { source, said, preview, patch } = p;
  return {
    title: `Rules of ${source.name}`,
    body: html`<p class="crumbs"><a href="/reports">Reports</a> / <a href="/subjects/${encodeURIComponent(source.name)}">${source.name}</a></p>
<h1>Rules of ${source.name}</h1>
<p class="soft">${source.shown}; the first rule that matches a task decides.</p>
${source.readOnly === null ? null : html`<p class="notice">${source.readOnly}.</p>`}
${said === undefined ? null : html`<p class="notice said" role="${said.isWrong ? 'alert' : 'status'}">${said.text}</p>`}
${editor(p)}
${preview === undefined ? null : previewSection(preview)}
${patch === undefined || patch === '' ? null : html`<section><h2>Changes</h2><pre tabindex="0" aria-label="Difference to the file">${patch}</pre></section>`}`,
  };
}

function editor({ source, text, base, visitor }: ScopePageParts): Html {
  // A browser takes the first line end of a field away.
  const field = (attributes: Html | null) =>
    html`<label for="text">Its file</label>
<textarea id="text" name="text" rows="${Math.min(40, Math.max(12, text.split('\n').length + 2))}" cols="100" spellcheck="false" autocapitalize="off"${attributes}>
${text}</textarea>`;
  if (visitor?.session === undefined || !mayDo(visitor, 'operate')) {
    return html`<div class="editor">${field(html` readonly`)}</div>
<p class="soft">To try other rules <a href="/sign-in?to=/scopes/${encodeURIComponent(source.name)}">sign in</a> with a token of the role operate.</p>`;
  }
  const button = (action: string, label: string, isPossible = true) =>
    html`<button name="do" value="${action}"${isPossible ? null : html` disabled`}>${label}</button>`;
  return html`<form class="editor" method="post" action="/scopes/${encodeURIComponent(source.name)}"><input type="hidden" name="formKey" value="${visitor.session.formKey}"><input type="hidden" name="base" value="${base}">
${field(null)}
<div class="actions">${button('preview', 'Preview')}${button('save', 'Save', source.readOnly === null)}${button('patch', 'Download as a patch')}</div></form>`;
}

function previewSection({ id, rules, asOf, problems, gained, lost, moved }: Preview): Html {
  return html`<section><h2>What these rules catch</h2>
<p><strong>${gained}</strong> tasks gained, <strong>${lost}</strong> lost, <strong>${moved}</strong> in another category, on ${asOf}. <a href="/previews/${id}/">Look at the whole report</a>, with its charts; it is published nowhere.</p>
${problems.length === 0 ? null : html`<ul class="plain">${problems.map((problem) => html`<li class="why">${problem}</li>`)}</ul>`}
<div class="scroll" tabindex="0" role="region" aria-label="Rules"><table><thead><tr><th scope="col">category</th><th scope="col">rule</th><th scope="col">shown</th><th scope="col" class="number">tasks</th><th scope="col" class="number">gained</th><th scope="col" class="number">lost</th></tr></thead>
<tbody>${rules.map(ruleRow)}</tbody></table></div></section>`;
}

function ruleRow({ kind, title, display, tasks, gained, lost, isGone }: PreviewRule): Html {
  return html`<tr><th scope="row">${title ?? '(one for each project)'}</th><td>${kind}${isGone ? html` <span class="chip stopped">taken out</span>` : null}</td><td>${display}</td><td class="number">${tasks}</td><td class="number">${signed('+', gained)}</td><td class="number">${signed('−', lost)}</td></tr>`;
}

function signed(sign: string, count: number): string {
  return count === 0 ? '0' : `${sign}${count}`;
}

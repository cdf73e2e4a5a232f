import { type Html, html } from '../../publish/pages/html.ts';
import type { PageParts } from './layout.ts';

/** `to` is a path of this server. */
export function signInPage(to: string, wrong: string | null): PageParts {
  return {
    title: 'Sign in',
    body: html`<h1>Sign in</h1>
${wrong === null ? null : html`<p class="notice" role="alert">${wrong}</p>`}
<form class="sign-in" method="post" action="/sign-in"><input type="hidden" name="to" value="${to}">
<input name="user" autocomplete="username" value="rota" aria-label="Account" hidden>
<label>Access token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
<button>Sign in</button></form>
<p class="soft">An operator makes one with <code>rota token add NAME --role operate</code>.</p>`,
  };
}

/** Sends the browser on from a page of ours: then it shows its cookie. */
export function onceMorePage(to: string): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>One moment</title><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=${to}"></head>
<body><p><a href="${to}">Go on</a></p></body></html>
`;
}

export function errorPage(title: string, text: string): PageParts {
  return { title, body: html`<h1>${title}</h1><p>${text}</p><p><a href="/">To the first page</a></p>` };
}

import { type Html, html } from './html.ts';
import { stylesheet } from './stylesheet.ts';

/** A whole public page. It loads nothing: no script, no font, no picture. */
export function pageFrame(title: string, body: Html): string {
  return `${html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${stylesheet}</style>
</head>
<body>
<div class="page">
${body}
</div>
</body>
</html>
`}`;
}

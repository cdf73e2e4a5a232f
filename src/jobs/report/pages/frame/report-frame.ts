import { createHash } from 'node:crypto';
import { type Html, html, rawHtml } from '../../../../publish/pages/html.ts';
import { stylesheet } from '../../../../publish/pages/stylesheet.ts';
import { reportStyle } from './report-style.ts';
import { tableScript } from './table-script.ts';

export interface FrameOptions {
  readonly title: string;
  /** Has tables that sort and filter. */
  readonly tables?: boolean;
  /** Shows pictures of the same folder tree. */
  readonly pictures?: boolean;
}

/**
 * A whole page. It asks no other host for anything: its policy forbids every request but pictures beside it, and every
 * script but the one that sorts tables, so that not even a fault in escaping could run what a title brings.
 */
export function reportFrame(options: FrameOptions, body: Html): string {
  const script = options.tables === true && html`<script>${rawHtml(tableScript)}</script>\n`;
  const scripts = options.tables === true ? ` script-src '${hashOf(tableScript)}';` : '';
  const pictures = options.pictures === true ? "'self' file: data:" : 'data:';
  const policy = `default-src 'none'; style-src 'unsafe-inline';${scripts} img-src ${pictures}; base-uri 'none'; form-action 'none'`;
  return `${html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${options.title}</title>
<link rel="icon" href="data:,">
<style>${stylesheet}${rawHtml(reportStyle)}</style>
</head>
<body>
<div class="page">
${body}
</div>
${script}</body>
</html>
`}`;
}

function hashOf(script: string): string {
  return `sha256-${createHash('sha256').update(script).digest('base64')}`;
}

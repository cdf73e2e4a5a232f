import { html } from '../../../../publish/pages/html.ts';
import { reportFrame } from '../frame/report-frame.ts';
import type { ReportFile } from '../report-file.ts';

/** The pages that the old reports had, by what follows `<scope>_`, and where they are now. */
const oldPages: Readonly<Record<string, string>> = {
  report: 'index.html',
  rules: 'rules.html',
  current_forecasts: 'forecasts.html',
  open_by_category: 'open-tasks.html',
  recently_closed: 'recently-closed.html',
  unpointed: 'unpointed.html',
  status_report: 'status-report.html',
  status_report_lastq: 'status-report-last-quarter.html',
};

/** Old addresses go on working: each is a small page that leads to the new one. */
export function* aliasPages(scope: string, paths: ReadonlySet<string>): Generator<ReportFile> {
  for (const [old, path] of Object.entries(oldPages)) {
    if (paths.has(path)) yield { path: `${scope}_${old}.html`, content: leadTo(path) };
  }
}

/** A page that is somewhere else now. */
export function leadTo(path: string): string {
  const page = reportFrame(
    { title: 'Moved' },
    html`<main><p>This page is now <a href="${path}">${path}</a>.</p></main>`,
  );
  return page.replace(
    '<meta name="viewport"',
    () => `${html`<meta http-equiv="refresh" content="0; url=${path}">`}\n<meta name="viewport"`,
  );
}

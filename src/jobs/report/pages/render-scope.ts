import { svgFile } from '../charts/draw/svg.ts';
import type { Figure } from '../charts/figure.ts';
import { csvOf } from '../charts/table.ts';
import type { ScopeForecast } from '../forecast/forecast-scope.ts';
import type { ScopeModel } from '../model/scope-model.ts';
import { dataFiles, writeDataFile } from './data/data-files.ts';
import { oldFiles } from './data/old-files.ts';
import { reportJson } from './data/report-json.ts';
import { presentable } from './presentable.ts';
import type { ReportFile } from './report-file.ts';
import { aliasPages } from './scope/aliases.ts';
import { type ScopeFrame, type ScopePage, scopePage } from './scope/page-parts.ts';
import { possibilitiesText } from './scope/rules-page.ts';
import { reportInput } from './scope/scope-figures.ts';
import { dataPage, scopePages, tabs } from './scope/scope-pages.ts';

/** Charts that group pages show small: their narrow drawing is a file as well. */
const onDashboards = /^backlog-burn-up-(?:points|count)$/;

export interface RenderOptions {
  /** The index of all scopes, as seen from the report's folder (`../../index.html`); null when the report stands alone. */
  readonly allScopes: string | null;
}

/**
 * All files of a scope's report, each path once; the same bytes for the same model. One page with its figures is in
 * memory at a time: less than a megabyte beside the model.
 */
export function* renderScope(
  given: ScopeModel,
  forecasts: ScopeForecast,
  options: RenderOptions,
): Generator<ReportFile> {
  const model = presentable(given);
  const forecast = presentable(forecasts);
  const input = reportInput(model, forecast);
  const frame: ScopeFrame = { model, pages: tabs(input), allScopes: options.allScopes };
  const figures = new Map<string, Pick<Figure, 'name' | 'title' | 'sentence'>>();
  const paths = new Set<string>();
  const page = (made: ScopePage): ReportFile => {
    paths.add(made.path);
    return { path: made.path, content: scopePage(frame, made) };
  };
  for (const made of scopePages(frame, input)) {
    for (const figure of made.figures) {
      if (figures.has(figure.name)) continue;
      const { name, title, sentence, drawings, table } = figure;
      figures.set(name, { name, title, sentence });
      yield { path: `charts/${name}.svg`, content: svgFile(drawings.wide.size, figure, drawings.wide.body) };
      if (onDashboards.test(name)) {
        const { size, body } = drawings.narrow;
        yield { path: `charts/${name}-narrow.svg`, content: svgFile(size, figure, body) };
      }
      yield { path: `data/${name}.csv`, content: csvOf(table) };
    }
    yield page(made);
  }
  const files = dataFiles(model, forecast);
  for (const file of files) yield writeDataFile(file);
  yield { path: 'data/category-possibilities.txt', content: possibilitiesText(model) };
  yield page(dataPage([...figures.values()], files));
  yield* aliasPages(model.scope, paths);
  yield* oldFiles(model);
  const report = reportJson(
    input,
    [...figures.values()],
    files.map(({ path }) => path),
  );
  yield { path: 'report.json', content: `${JSON.stringify(report, null, 1)}\n` };
}

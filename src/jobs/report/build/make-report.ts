import { forecastScope } from '../forecast/forecast-scope.ts';
import { renderScope } from '../pages/render-scope.ts';
import { type BuildOptions, buildModel } from '../scope/build-model.ts';
import type { DataFile } from '../store/data-file.ts';
import { type WrittenReport, writeReportFiles } from './report-folder.ts';

export interface MadeReport extends WrittenReport {
  /** Rules that cannot match anything. */
  readonly problems: readonly string[];
  readonly tasks: number;
}

export interface ReportTarget {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly folderMode?: number;
  readonly fileMode?: number;
  /** The page of all scopes as seen from the folder; null when the report stands alone. */
  readonly allScopes: string | null;
}

/** From the loaded tracker to the files of one scope's report, in a folder that is not there yet. */
export async function makeReport(
  data: DataFile,
  options: BuildOptions,
  target: ReportTarget,
): Promise<MadeReport> {
  const { model, problems, tasks } = await buildModel(data, options);
  const forecast = forecastScope(model);
  const written = await writeReportFiles(
    target.folder,
    renderScope(model, forecast, { allScopes: target.allScopes }),
    target,
  );
  return { ...written, problems, tasks: tasks.length };
}

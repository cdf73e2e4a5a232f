import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScopeConfig } from '../../../config/scope-config.ts';
import { done, doneWithErrors, Stage, type StageContext, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { isoDate } from '../../../core/run-date.ts';
import { makeReport } from '../build/make-report.ts';
import { readingData } from '../loading/data-settings.ts';
import { dataFolder, dataPointer, requireLoaded } from '../loading/loaded-data.ts';
import { addDays, type IsoDay, isoDay } from '../model/days.ts';
import { zoneDays } from '../scope/zone-days.ts';
import { type ReportServices, trackerOf } from '../services.ts';
import { DataFile } from '../store/data-file.ts';

export interface RenderSummary {
  readonly asOf: IsoDay;
  /** In the workspace. */
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Reconstructs the scope's history from the last load, forecasts it and renders its report in the workspace. It takes
 * seconds, so there is nothing between these to go on from.
 */
export class RenderStage extends Stage<ReportServices> {
  readonly name = 'render';
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: StageContext<ReportServices>): Promise<StageOutcome> {
    const { services, run, workspace, signal, log } = context;
    const { farm, trees } = services;
    const tracker = trackerOf(farm);
    const scope = scopeOf(farm.scopes, run.subject, farm.file);
    const loaded = requireLoaded(await context.readPointer(dataPointer(tracker.name)));
    const asOf = asOfDay(run.date, loaded.sourceAt, scope.zone);
    const folder = `report.${context.token.replaceAll(/[^A-Za-z0-9.-]/g, '_')}`;
    await rm(join(workspace, folder), { recursive: true, force: true });
    await using data = await DataFile.openReadOnly(
      join(dataFolder(trees, tracker.name), loaded.file),
      readingData(workspace),
    );
    const { files, bytes, problems } = await makeReport(
      data,
      { scope, asOf, tags: tracker.tags, trackerUrl: tracker.url },
      {
        folder: join(workspace, folder),
        signal,
        folderMode: trees.public.folderMode,
        fileMode: trees.public.fileMode,
        allScopes: '../../index.html',
      },
    );
    const summary: RenderSummary = { asOf, folder, files, bytes };
    if (problems.length === 0) return done(summary);
    log.warn({ problems }, 'rules that match nothing');
    return doneWithErrors(problems.slice(0, 3).join('; '), summary);
  }
}

/** @throws RotaError SCOPE_UNKNOWN */
export function scopeOf(scopes: ReadonlyMap<string, ScopeConfig>, name: string, file: string): ScopeConfig {
  const scope = scopes.get(name);
  if (scope !== undefined) return scope;
  throw new RotaError(
    'SCOPE_UNKNOWN',
    `${JSON.stringify(name)} is no scope of ${file}; add it there, or cancel the run`,
  );
}

/** The last day that the load knows to its end, and no later than the day of the run. */
export function asOfDay(date: string, sourceAt: string | null, zone: string): IsoDay {
  const day = isoDate(date);
  if (sourceAt === null) return day;
  const known = addDays(isoDay(zoneDays(zone).dayOf(Math.floor(Date.parse(sourceAt) / 1000))), -1);
  return known < day ? known : day;
}

import { moveSentence } from '../../charts/forecasts/move-bars.ts';
import { doneSentence } from '../../charts/sentences.ts';
import type { SeriesForecast } from '../../forecast/forecast-scope.ts';
import type { BackTest } from '../../forecast/monte-carlo/back-test.ts';
import type { MonteCarlo } from '../../forecast/monte-carlo/monte-carlo.ts';
import {
  dateOf,
  type Outlook,
  outlooks,
  type ThreePointWeek,
} from '../../forecast/three-point/three-point.ts';
import type { WhyMoved } from '../../forecast/why-moved.ts';
import type { IsoDay } from '../../model/days.ts';
import type { DataQuality, ScopeSettings } from '../../model/scope-model.ts';
import type { Display, Unit } from '../../model/series.ts';
import type { ReportInput } from '../scope/scope-figures.ts';

/** report.json: the whole report in numbers. Index pages, group dashboards and the page of differences are made of it. */
export interface ReportJson {
  readonly version: 1;
  readonly scope: string;
  readonly title: string;
  readonly asOf: IsoDay;
  readonly start: IsoDay;
  readonly settings: ScopeSettings;
  readonly rulesDigest: number;
  readonly units: readonly Unit[];
  readonly points: UnitJson;
  readonly count: UnitJson;
  readonly quality: DataQuality;
  /** The figures of the report: `charts/<name>.svg`, `data/<name>.csv`. */
  readonly figures: readonly { readonly name: string; readonly title: string; readonly sentence: string }[];
  readonly files: readonly string[];
}

export interface UnitJson {
  readonly sentence: string;
  readonly moved: string;
  readonly whyMoved: WhyMoved;
  readonly backTest: BackTest;
  readonly whole: SeriesJson;
  readonly categories: readonly (SeriesJson & { readonly name: string; readonly display: Display })[];
}

export interface SeriesJson {
  readonly total: number;
  readonly resolved: number;
  readonly state: ThreePointWeek['state'];
  readonly threePoint: Readonly<
    Record<
      Outlook,
      {
        readonly velocity: number;
        readonly growth: number;
        readonly weeksLeft: number | null;
        readonly date: IsoDay | null;
      }
    >
  > | null;
  readonly monteCarlo: MonteCarlo;
}

export function reportJson(
  input: ReportInput,
  figures: ReportJson['figures'],
  files: readonly string[],
): ReportJson {
  const { model, units } = input;
  return {
    version: 1,
    scope: model.scope,
    title: model.title,
    asOf: model.asOf,
    start: model.start,
    settings: model.settings,
    rulesDigest: model.rulesDigest,
    units,
    points: unitJson(input, 'points'),
    count: unitJson(input, 'count'),
    quality: model.quality,
    figures,
    files,
  };
}

function unitJson({ forecast }: ReportInput, unit: Unit): UnitJson {
  const { whole, whyMoved, backTest, categories } = forecast[unit];
  return {
    sentence: doneSentence(whole, unit),
    moved: moveSentence(whyMoved, unit),
    whyMoved,
    backTest,
    whole: seriesJson(whole),
    categories: categories.map(({ name, display, ...series }) => ({ name, display, ...seriesJson(series) })),
  };
}

function seriesJson({ weeks, monteCarlo }: SeriesForecast): SeriesJson {
  const now = weeks.at(-1);
  if (now === undefined) return { total: 0, resolved: 0, state: 'complete', threePoint: null, monteCarlo };
  const [pessimistic, nominal, optimistic] = outlooks.map((outlook) => ({
    ...now[outlook],
    date: dateOf(now.week, now[outlook]),
  }));
  return {
    total: now.total,
    resolved: now.resolved,
    state: now.state,
    threePoint:
      pessimistic === undefined || nominal === undefined || optimistic === undefined
        ? null
        : { pessimistic, nominal, optimistic },
    monteCarlo,
  };
}

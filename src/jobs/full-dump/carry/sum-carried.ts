import type { CarryReport } from '../../../dumping/piece/piece-spec.ts';

/** How much of a date came from the date before. */
export type CarrySums = Omit<CarryReport, 'refused'>;

const nothing: CarrySums = {
  copiedBundles: 0,
  copiedRawBytes: 0,
  recheckedBundles: 0,
  carriedTexts: 0,
  carriedTextBytes: 0,
  readTexts: 0,
  readTextBytes: 0,
};

export function sumCarried(reports: readonly CarryReport[]): CarrySums {
  return reports.reduce<CarrySums>(
    (sum, report) => ({
      copiedBundles: sum.copiedBundles + report.copiedBundles,
      copiedRawBytes: sum.copiedRawBytes + report.copiedRawBytes,
      recheckedBundles: sum.recheckedBundles + report.recheckedBundles,
      carriedTexts: sum.carriedTexts + report.carriedTexts,
      carriedTextBytes: sum.carriedTextBytes + report.carriedTextBytes,
      readTexts: sum.readTexts + report.readTexts,
      readTextBytes: sum.readTextBytes + report.readTextBytes,
    }),
    nothing,
  );
}

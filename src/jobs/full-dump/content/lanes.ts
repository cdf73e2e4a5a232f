import type { FullDumpSettings } from '../../../config/full-dump-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { LaneSpec } from '../../../dumping/piece/piece-spec.ts';
import { findOutput } from '../../../publish/dump-catalogue/dump-catalogue.ts';
import { type DumpOutput, dumpSets } from '../../../publish/dump-catalogue/dump-output.ts';

/** The files with pages and revisions that a dump has by its settings: what each piece contributes to. */
export function contentLanes(settings: FullDumpSettings): readonly LaneSpec[] {
  const wanted = new Set<string>(settings.outputs);
  const lanes: LaneSpec[] = [];
  if (wanted.has('stubs')) {
    for (const output of ['stub-history', 'stub-current', 'stub-articles'] as const) {
      lanes.push({ output, format: 'gz' });
    }
  }
  const articleFormats = new Set(wanted.has('articles') ? settings.compression.articles : []);
  // The multistream file is made of the blocks of the bz2 one, so its lane is needed whether that is published or not.
  if (wanted.has('multistream')) articleFormats.add('bz2');
  for (const format of articleFormats) lanes.push({ output: 'articles', format });
  for (const output of ['current', 'history'] as const) {
    if (!wanted.has(output)) continue;
    for (const format of settings.compression[output]) if (format !== '7z') lanes.push({ output, format });
  }
  return lanes;
}

/**
 * Whether a dump has a ledger: of the complete history, in the profile of published dumps and with nothing shown that
 * is hidden, for only that can be told from metadata alone.
 */
export function hasLedger({ outputs, compression, profile, asMediawiki }: FullDumpSettings): boolean {
  return (
    outputs.includes('history') && compression.history.length > 0 && profile === 'text-pass' && !asMediawiki
  );
}

/** A file that is made by recompressing a finished one. */
export interface Archive {
  readonly output: DumpOutput;
  /** Outputs with the same content, the one that is read fastest first. */
  readonly from: readonly string[];
}

/** The 7z files that a dump has by its settings. */
export function archives(settings: FullDumpSettings): readonly Archive[] {
  const wanted = settings.outputs.includes('history') && settings.compression.history.includes('7z');
  return wanted ? [{ output: catalogued('history-7z'), from: ['history-zst', 'history-bz2'] }] : [];
}

/** All catalogued outputs with pages and revisions that a dump has by its settings. */
export function contentOutputs(settings: FullDumpSettings): readonly DumpOutput[] {
  return [
    ...contentLanes(settings).flatMap((lane) => outputsOfLane(lane, settings)),
    ...archives(settings).map((archive) => archive.output),
    ...(hasLedger(settings) ? [catalogued('ledger')] : []),
  ];
}

/** The catalogue's outputs that a lane becomes. */
export function outputsOfLane(lane: LaneSpec, settings: FullDumpSettings): readonly DumpOutput[] {
  if (lane.format === 'gz') return [catalogued(lane.output)];
  const outputs: DumpOutput[] = [];
  const plain = lane.output !== 'articles' || settings.outputs.includes('articles');
  if (plain && (lane.output !== 'articles' || settings.compression.articles.includes(lane.format))) {
    const name = `${lane.output}-${lane.format}`;
    outputs.push(catalogued(name), catalogued(`${name}-index`));
  }
  if (lane.output === 'articles' && lane.format === 'bz2' && settings.outputs.includes('multistream')) {
    outputs.push(catalogued('articles-multistream'), catalogued('articles-multistream-index'));
  }
  return outputs;
}

/** The sets of the content files, in the order in which sets are published. */
export function contentSets(settings: FullDumpSettings): readonly DumpOutput['set'][] {
  const sets = new Set(contentOutputs(settings).map((output) => output.set));
  return dumpSets.filter((set) => sets.has(set));
}

export function catalogued(name: string): DumpOutput {
  const output = findOutput(name);
  if (!output) throw new RotaError('INTERNAL', `The catalogue of dump files has no output "${name}".`);
  return output;
}

import { PieceCarry } from '../carry/piece-carry.ts';
import { SpoolReader } from '../spool/spool-reader.ts';
import { redactor } from './apply-redactions.ts';
import { Lane } from './lane.ts';
import type { PieceBuilderOptions } from './piece-builder-options.ts';
import { laneFilters, type PieceReport, type PieceSpec, splitGroupOf } from './piece-spec.ts';
import { PieceWork } from './piece-work.ts';
import { SplitMeter } from './split-meter.ts';

/**
 * Builds all outputs of one range of the spool at once: each revision's text is read and rendered once, and its bytes
 * go to every lane that shows it. Bundles of the date before in which nothing has changed are copied; of the others
 * the texts that have not changed are taken from there.
 * Memory: one bundle a lane, two chunks of metadata, the compressed texts of two chunks, and of the date before the
 * piece's lines of the indexes, and the decompressed bundles whose texts two chunks take.
 */
export class PieceBuilder {
  readonly #options: PieceBuilderOptions;

  constructor(options: PieceBuilderOptions) {
    this.#options = options;
  }

  async build(spec: PieceSpec, signal: AbortSignal): Promise<PieceReport> {
    const lanes: Lane[] = [];
    using spool = SpoolReader.open(spec.spoolFolder);
    const redact = redactor(spec.redactions);
    const chunkAt = (index: number) => redact(spool.chunk(index));
    using carry = new PieceCarry(spec, this.#options);
    try {
      for (let index = spec.fromChunk; carry.hasBundles && index < spec.toChunk; index++) {
        carry.compare(chunkAt(index));
        // Lets an abort be heard.
        await new Promise(setImmediate);
        signal.throwIfAborted();
      }
      for (const lane of spec.lanes) {
        const compressor = lane.format === 'bz2' ? this.#options.compressor : null;
        lanes.push(new Lane(lane, spec.folder, compressor, spec.bundle, carry.copiesOf(lane)));
      }
      const meters = spec.splits.map(
        (split) =>
          new SplitMeter(
            split,
            lanes.filter((lane) => splitGroupOf(lane.spec.output) === split.group),
          ),
      );
      const work = new PieceWork(this.#options, { lanes, meters, carry, range: spec.range });
      // The texts of the next chunk are on their way while this one is rendered.
      const hasStubs = spec.lanes.some(({ output }) => laneFilters[output].texts === 'stub');
      const load = (index: number) => {
        if (index >= spec.toChunk) return null;
        const copied = carry.copiedChunk(index - spec.fromChunk);
        // Stubs are always made anew; without them there is nothing to be read of what is copied.
        const chunk = { copied, chunk: copied === null || hasStubs ? chunkAt(index) : null };
        const texts = work.load(chunk, signal);
        texts.catch(() => undefined);
        return { chunk, texts };
      };
      let next = load(spec.fromChunk);
      for (let index = spec.fromChunk; next; index++) {
        const { chunk, texts } = next;
        const ready = await texts;
        next = load(index + 1);
        signal.throwIfAborted();
        work.render(chunk, ready);
        ready.release();
        await Promise.all(lanes.map((lane) => lane.settle()));
      }
      for (const meter of meters) meter.finish();
      const reports = await Promise.all(lanes.map((lane) => lane.finish()));
      const splits = meters.map(({ group, segments }) => ({ group, segments }));
      return { ...work.totals, lanes: reports, splits, failed: work.failed, carry: carry.report };
    } finally {
      for (const lane of lanes) lane.close();
    }
  }
}

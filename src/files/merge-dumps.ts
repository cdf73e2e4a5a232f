import { RotaError } from '../core/errors/rota-error.ts';
import type { DumpWriter } from '../export/containers/write/dump-writer.ts';
import type { DumpSource } from './dump-source.ts';
import { soundParts } from './sound-parts.ts';

export interface MergeReport {
  readonly files: number;
  readonly pages: number;
  readonly revisions: number;
  readonly logItems: number;
  readonly rawBytes: number;
}

/**
 * Joins the parts of a dump to one: the first one's head, all pages or log items, the last one's foot. Memory: a revision,
 * a head, and what the writer holds.
 * @throws RotaError DUMPS_DISAGREE when heads differ or ids do not go on, XML_DAMAGED
 */
export async function mergeDumps(sources: readonly DumpSource[], writer: DumpWriter): Promise<MergeReport> {
  let head: Buffer | null = null;
  let foot: Buffer = Buffer.alloc(0);
  let lastId = 0;
  const counts = { pages: 0, revisions: 0, logItems: 0, rawBytes: 0 };
  const give = async (bytes: Buffer) => {
    await writer.write(bytes);
    counts.rawBytes += bytes.length;
  };
  const goOn = (source: DumpSource, what: string, id: number) => {
    if (id <= lastId) {
      const message = `${source.name} has ${what} ${id} after ${lastId}; name the parts in the order of their pages.`;
      throw new RotaError('DUMPS_DISAGREE', message, { facts: { file: source.name, id, after: lastId } });
    }
    lastId = id;
  };
  for (const source of sources) {
    for await (const part of soundParts(source)) {
      switch (part.kind) {
        case 'head':
          if (head === null) await give(part.bytes);
          else if (!head.equals(part.bytes)) throw headsDiffer(source, sources[0]);
          head ??= part.bytes;
          break;
        case 'foot':
          foot = part.bytes;
          break;
        case 'page-open':
          goOn(source, 'page', part.pageId);
          await give(part.bytes);
          break;
        case 'log-item':
          goOn(source, 'log item', part.id);
          counts.logItems += 1;
          await give(part.bytes);
          break;
        case 'page-close':
          counts.pages += 1;
          await give(part.bytes);
          break;
        case 'revision':
          counts.revisions += 1;
          await give(part.bytes);
          break;
        default:
          await give(part.bytes);
      }
    }
  }
  await give(foot);
  await writer.finish();
  return { files: sources.length, ...counts };
}

function headsDiffer(source: DumpSource, first: DumpSource | undefined): RotaError {
  return new RotaError(
    'DUMPS_DISAGREE',
    `The heads of ${first?.name} and ${source.name} differ: they are not of one wiki, schema and time; name the parts of one dump.`,
    { facts: { files: [first?.name, source.name] } },
  );
}

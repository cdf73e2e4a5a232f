import { mkdir, rm } from 'node:fs/promises';
import type { Position } from '../../../dumping/carry/position.ts';
import { tailRevision } from '../../../dumping/carry/position.ts';
import type { LaneSpec } from '../../../dumping/piece/piece-spec.ts';
import type { SpoolReader } from '../../../dumping/spool/spool-reader.ts';
import { cutPieces } from '../content/cut-pieces.ts';
import { contentLanes, contentSets } from '../content/lanes.ts';
import { locateCuts } from '../content/locate-cuts.ts';
import { readParameters } from '../parameters.ts';
import { type FullDumpContext, runFolder } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import { carryKey } from './carry-key.ts';
import { type CarryPlan, readCarryPlan, writeCarryPlan } from './carry-plan.ts';
import { distributeLines, withEnds } from './distribute-lines.ts';
import { checkIndex, type IndexFile, indexLines } from './index-reader.ts';
import { findPreviousDate, type PreviousDate, previousParts } from './previous-files.ts';
import type { UsableLane } from './usable-lane.ts';

/** Whose texts are the quickest to read and the most: the first that is there gives texts. */
const textGivers = [
  'history.zst',
  'history.bz2',
  'current.zst',
  'current.bz2',
  'articles.zst',
  'articles.bz2',
];

/**
 * Fixes, before the first piece is built, where pieces begin (where those of the date before did, so that bundles fit)
 * and what may be taken over. What cannot be used is said, and made from nothing; it never stops the dump.
 */
export async function freezeCarryPlan(context: FullDumpContext, spool: SpoolReader): Promise<CarryPlan> {
  const frozen = await readCarryPlan(context);
  if (frozen !== null) return frozen;
  const { piece } = wikiOf(context.services, context.run.subject).fullDump;
  const folder = runFolder(context).carry;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { previousDate, lanes, refused } = await usableLanes(context);
  for (const reason of refused)
    context.log.warn({ wiki: context.run.subject }, `not carried over: ${reason}`);
  const byGiving = lanes.toSorted((a, b) => rank(a) - rank(b));
  const [giver] = byGiving;
  const cuts = giver === undefined ? [] : locateCuts(spool, await pieceStarts(giver));
  const pieces = cutPieces(spool.manifest.entries, piece, cuts);
  const cut = lanes.length === 0 ? null : withEnds(spool, pieces);
  if (cut !== null) for (const lane of lanes) await distributeLines(context, lane, cut);
  const plan: CarryPlan = {
    previousDate: giver === undefined ? null : previousDate,
    turn: giver === undefined ? 0 : Math.max(...lanes.map(({ turn }) => turn)) + 1,
    sources: byGiving.map((lane) => ({
      output: lane.output,
      format: lane.format,
      paths: lane.paths,
      givesTexts: lane === giver,
    })),
    refused,
    pieces,
  };
  await writeCarryPlan(context, plan);
  return plan;
}

interface Usable {
  readonly previousDate: string | null;
  readonly lanes: readonly UsableLane[];
  readonly refused: readonly string[];
}

async function usableLanes(context: FullDumpContext): Promise<Usable> {
  const { fullDump } = wikiOf(context.services, context.run.subject);
  const wanted = readParameters(context.run.parameters).carryOver ?? fullDump.carryOver.enabled;
  const previous = wanted ? await findPreviousDate(context, contentSets(fullDump)) : null;
  if (previous === null) return { previousDate: null, lanes: [], refused: [] };
  const lanes: UsableLane[] = [];
  const refused: string[] = [];
  for (const lane of contentLanes(fullDump)) {
    if (lane.format === 'gz') continue;
    const checked = await checkLane(context, lane, previous);
    if ('refused' in checked)
      refused.push(`${lane.output}.${lane.format} of ${previous.date} ${checked.refused}`);
    else lanes.push(checked);
  }
  return { previousDate: previous.date, lanes, refused };
}

async function checkLane(
  context: FullDumpContext,
  lane: LaneSpec,
  previous: PreviousDate,
): Promise<UsableLane | { readonly refused: string }> {
  const found = await previousParts(context, lane, previous);
  if ('refused' in found) return found;
  const key = carryKey(context, lane);
  const indexes: IndexFile[] = [];
  let turn = 0;
  for (const part of found.parts) {
    const { signal, services } = context;
    const file = { path: part.indexPath, sha256: part.indexSha256, searchPath: services.searchPath, signal };
    const checked = await checkIndex(file, key);
    if ('refused' in checked) return checked;
    turn = Math.max(turn, checked.header.turn);
    indexes.push(file);
  }
  return { ...lane, paths: found.parts.map((part) => part.path), indexes, turn };
}

async function pieceStarts(lane: UsableLane): Promise<readonly Position[]> {
  const starts: Position[] = [];
  for (const index of lane.indexes) {
    for await (const line of indexLines(index)) {
      if (line.piece && line.units) starts.push(line.units.from);
    }
  }
  // A piece that began with the tail of a page begins with the next page just as well.
  return starts.map(([page, revision]) => (revision === tailRevision ? [page + 1, 0] : [page, revision]));
}

function rank(lane: LaneSpec): number {
  return textGivers.indexOf(`${lane.output}.${lane.format}`);
}

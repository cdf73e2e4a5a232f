import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import type { FullDumpContext } from '../run-folder.ts';

/** A piece as it was committed: its report's path (relative to the workspace) and checksum. */
export interface PieceReference {
  readonly path: string;
  readonly sha256: string;
}

/** Pieces that were built again after they had been committed, by id. */
export type RedonePieces = Readonly<Record<string, PieceReference>>;

const fileName = 'redone.json';

export async function readRedonePieces(context: FullDumpContext): Promise<RedonePieces> {
  const text = await readFile(join(context.workspace, fileName), 'utf8').catch(() => null);
  return text === null ? {} : (JSON.parse(text) as RedonePieces);
}

/** Only the run's owner builds pieces again, so reading, adding and writing do not race. */
export async function addRedonePiece(
  context: FullDumpContext,
  id: string,
  piece: PieceReference,
): Promise<void> {
  await context.assertCurrent();
  const redone = { ...(await readRedonePieces(context)), [id]: piece };
  await writeFileAtomic(join(context.workspace, fileName), JSON.stringify(redone), { mode: 0o600 });
}

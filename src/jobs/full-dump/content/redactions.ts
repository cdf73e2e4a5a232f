import { readFile } from 'node:fs/promises';
import { noRedactions, type Redactions } from '../../../dumping/piece/piece-spec.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { type FullDumpContext, runFolder } from '../run-folder.ts';

/** What the last look has found so far: applied whenever a piece of the run is built. */
export async function readRedactions(context: FullDumpContext): Promise<Redactions> {
  const text = await readFile(runFolder(context).redactions, 'utf8').catch(() => null);
  return text === null ? noRedactions : (JSON.parse(text) as Redactions);
}

export async function writeRedactions(context: FullDumpContext, redactions: Redactions): Promise<void> {
  await context.assertCurrent();
  await writeFileAtomic(runFolder(context).redactions, JSON.stringify(redactions), { mode: 0o600 });
}

/** Both together; bits of the same revision are united. */
export function mergeRedactions(a: Redactions, b: Redactions): Redactions {
  const hidden: Record<string, number> = { ...a.hiddenRevisions };
  for (const [id, bits] of Object.entries(b.hiddenRevisions)) hidden[id] = (hidden[id] ?? 0) | bits;
  return {
    gonePages: [...new Set([...a.gonePages, ...b.gonePages])],
    goneRevisions: [...new Set([...a.goneRevisions, ...b.goneRevisions])],
    hiddenRevisions: hidden,
  };
}

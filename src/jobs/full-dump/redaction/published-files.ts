import type { RunStore } from '../../../control/store/run-store.ts';
import { dumpOutputs } from '../../../publish/dump-catalogue/dump-catalogue.ts';
import { isNameOf, undatedName } from '../../../publish/dump-catalogue/file-name.ts';
import {
  decodePublishedSet,
  type PublishedFile,
  type PublishedSet,
} from '../../../publish/publication/pointers.ts';
import type { Trees } from '../../../publish/workspace/tree.ts';
import { fullDumpName } from '../name.ts';

/** A set of a date as the store has it. */
export interface SetPointer {
  readonly key: string;
  readonly value: string;
  readonly set: string;
  readonly published: PublishedSet;
}

/** A published file with the output that it is of. */
export interface DatedFile {
  readonly file: PublishedFile;
  /** The catalogue's name; '' where it is none of this version's. */
  readonly output: string;
  readonly path: string;
}

/** What the store says of a wiki's published dates, oldest first. */
export async function readPublishedSets(
  store: Pick<RunStore, 'listPointers'>,
  wiki: string,
): Promise<ReadonlyMap<string, readonly SetPointer[]>> {
  const dates = new Map<string, SetPointer[]>();
  for (const { key, value } of await store.listPointers({ prefix: `publication/${fullDumpName}/${wiki}/` })) {
    if (typeof value !== 'string') continue;
    const [, , , date = '', set = ''] = key.split('/');
    const pointer = { key, value, set, published: decodePublishedSet(key, value) };
    dates.set(date, [...(dates.get(date) ?? []), pointer]);
  }
  return new Map([...dates].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function filesOfDate(
  trees: Trees,
  at: { readonly wiki: string; readonly date: string },
  sets: readonly SetPointer[],
): readonly DatedFile[] {
  return sets.flatMap(({ published }) =>
    published.files.map((file) => ({
      file,
      output: outputOf(undatedName(at.wiki, at.date, file.name)),
      path: trees[file.audience].file(at.wiki, at.date, file.name),
    })),
  );
}

function outputOf(undated: string): string {
  return dumpOutputs.find((output) => isNameOf(output, undated))?.output ?? '';
}

/**
 * Of every public ledger that was redacted, what took its place (SHA-256): days of changes name the ledger that they
 * lead on from.
 */
export async function readLedgerSuccessors(
  trees: Trees,
  store: Pick<RunStore, 'listPointers'>,
  wiki: string,
): Promise<ReadonlyMap<string, string>> {
  const successors = new Map<string, string>();
  for (const [date, sets] of await readPublishedSets(store, wiki)) {
    for (const { file, output } of filesOfDate(trees, { wiki, date }, sets)) {
      if (output !== 'ledger') continue;
      for (const before of file.replaces ?? []) successors.set(before, file.digest.sha256);
    }
  }
  return successors;
}

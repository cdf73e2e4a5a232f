import { relative } from 'node:path';
import { holdLease } from '../../../control/hold-lease.ts';
import type { LeaseGuard } from '../../../control/store/lease.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { followSet } from '../../../publish/publication/follow-set.ts';
import {
  encodePointer,
  linkLeaseName,
  type PublishedFile,
  type PublishedSet,
} from '../../../publish/publication/pointers.ts';
import { nodeFileSystem } from '../../../publish/publication/publishing-file-system.ts';
import {
  decodeTombstones,
  encodeTombstones,
  tombstonesKey,
} from '../../../publish/publication/tombstones.ts';
import type { ManifestTombstone } from '../../../publish/status/manifest.ts';
import { refreshDate } from '../../../publish/status/refresh-date.ts';
import type { Audience, Trees } from '../../../publish/workspace/tree.ts';
import { fullDumpName } from '../name.ts';
import type { FollowTools } from '../publication/follow-latest.ts';
import { readPublishedSets, type SetPointer } from './published-files.ts';
import type { RewrittenFile } from './rewrite-date.ts';

export interface PublishTools extends FollowTools {
  readonly signingKey: string | null;
}

export interface DateOfWiki {
  readonly wiki: string;
  readonly date: string;
  /** The tree whose status files show the date. */
  readonly audience: Audience;
}

/**
 * Publishes rewritten files of a date: the tombstone first, then each set's pointer under the guard, then the files take
 * the places of the old ones, then checksums and pages. A crash in between is completed by `completeDate`, whoever
 * calls it.
 * @param rawBytes what the manifest says of a file until now
 */
export async function publishRewritten(
  tools: PublishTools,
  guard: LeaseGuard,
  at: DateOfWiki,
  change: {
    readonly sets: readonly SetPointer[];
    readonly files: readonly RewrittenFile[];
    readonly tombstone: ManifestTombstone;
    readonly rawBytes: ReadonlyMap<string, number>;
  },
): Promise<void> {
  const { store, trees } = tools;
  await holdLease(tools, linkLeaseName({ job: fullDumpName, wiki: at.wiki }), async () => {
    await assertUnchanged(tools, at, change.sets);
    const key = tombstonesKey({ job: fullDumpName, ...at });
    const before = decodeTombstones(key, await store.readPointer({ key }));
    await store.commitPointer({ key, value: encodeTombstones([...before, change.tombstone]), guard });
    const anew = new Map(change.files.map((file) => [file.dated.file.name, file]));
    for (const { key: setKey, published } of change.sets) {
      const next = {
        ...published,
        files: published.files.map((file) => pointed(trees, file, anew, change.rawBytes)),
      };
      if (encodePointer(next) === encodePointer(published)) continue;
      await store.commitPointer({ key: setKey, value: encodePointer(next), guard });
    }
    await followDate(tools, at);
  });
}

/** Completes what a redaction that broke off left of a date. Gives whether anything was to be done. */
export async function completeDate(tools: PublishTools, at: DateOfWiki): Promise<boolean> {
  return await holdLease(tools, linkLeaseName({ job: fullDumpName, wiki: at.wiki }), () =>
    followDate(tools, at),
  );
}

async function followDate(tools: PublishTools, at: DateOfWiki): Promise<boolean> {
  const { store, trees, clock, webRoot, signingKey } = tools;
  const { wiki, date, audience } = at;
  const sets = (await readPublishedSets(store, wiki)).get(date) ?? [];
  let moved = 0;
  for (const { set, published } of sets) {
    const address = { job: fullDumpName, wiki, date, set };
    moved += await followSet(nodeFileSystem, trees, address, onlyReplacing(published), 'hash');
  }
  const key = tombstonesKey({ job: fullDumpName, wiki, date });
  const isWritten = await refreshDate(trees[audience], {
    ...{ wiki, date, signingKey, now: clock.now() },
    files: sets.flatMap(({ published }) => published.files.filter((file) => file.audience === audience)),
    tombstones: decodeTombstones(key, await store.readPointer({ key })),
    ...(webRoot === null ? {} : { webRoot }),
  });
  return moved > 0 || isWritten;
}

/** Files that were never rewritten lie where they are, and need not be read. */
function onlyReplacing(set: PublishedSet): PublishedSet {
  return { ...set, files: set.files.filter((file) => file.replaces !== undefined) };
}

function pointed(
  trees: Trees,
  file: PublishedFile,
  anew: ReadonlyMap<string, RewrittenFile>,
  rawBytes: ReadonlyMap<string, number>,
): PublishedFile {
  const now = anew.get(file.name);
  if (now === undefined || now.dated.file.audience !== file.audience) return file;
  const before = file.rawBytes ?? rawBytes.get(file.name);
  return {
    ...file,
    committedPath: relative(trees[file.audience].workRoot, now.path),
    digest: now.digest,
    replaces: [...(file.replaces ?? []), file.digest.sha256],
    ...(before === undefined ? {} : { rawBytes: before + now.rawDelta }),
  };
}

/** Retention or a withdrawal may have taken the date away since its files were read. */
async function assertUnchanged(
  { store }: PublishTools,
  { wiki, date }: DateOfWiki,
  sets: readonly SetPointer[],
): Promise<void> {
  const now = (await readPublishedSets(store, wiki)).get(date) ?? [];
  const values = (pointers: readonly SetPointer[]) =>
    pointers.map(({ key, value }) => `${key} ${value}`).join('\n');
  if (values(now) === values(sets)) return;
  throw new RotaError(
    'PUBLICATION_CONFLICT',
    `${wiki} of ${date} changed while its files were rewritten; redact again`,
    { facts: { wiki, date } },
  );
}

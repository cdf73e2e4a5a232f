import { mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { FarmConfig } from '../../../config/farm-config.ts';
import { holdLease, type LeaseTools } from '../../../control/hold-lease.ts';
import { type LeaseGuard, subjectLeaseKey } from '../../../control/store/lease.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { unfinishedStates } from '../../../core/run-state.ts';
import { type DayManifest, dayFiles } from '../../../export/changes/day-manifest.ts';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import { openWriter } from '../../../export/containers/write/open-writer.ts';
import { redactGz } from '../../../export/redact/redact-gz.ts';
import { redactPageChanges } from '../../../export/redact/redact-page-changes.ts';
import { redactRevision } from '../../../export/redact/redact-revision.ts';
import type { Redaction } from '../../../export/redact/redact-xml.ts';
import { xmlParts } from '../../../export/scanner/xml-parts.ts';
import { digestFile } from '../../../publish/files/copy-verified.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import type { Trees } from '../../../publish/workspace/tree.ts';
import { type DayRecord, dayKey, readDays } from '../day/day-record.ts';
import { changesName } from '../names.ts';
import { changesTrees } from '../services.ts';
import { followDay } from '../stages/publish-stage.ts';

export interface RedactDaysTools extends LeaseTools {
  readonly farm: FarmConfig;
  /** The farm's. */
  readonly trees: Trees;
  readonly searchPath: string;
  readonly threads: number;
  readonly signal: AbortSignal;
}

export interface RedactedDay {
  readonly date: string;
  readonly files: readonly { readonly name: string; readonly changed: readonly number[] }[];
}

export interface RedactDaysOptions {
  readonly redaction: Redaction;
  readonly dryRun: boolean;
  /** SHA-256 of ledgers of full dumps that were redacted, to that of what took their place. */
  readonly ledgers: ReadonlyMap<string, string>;
  onDay(day: RedactedDay): void;
}

/** Nothing of a wiki's days is made while the work is done. @throws RotaError RUN_BUSY, LEASE_HELD */
export async function whileNoDayIsMade<T>(
  tools: RedactDaysTools,
  wiki: string,
  work: (guard: LeaseGuard) => Promise<T>,
): Promise<T> {
  return await holdLease(tools, subjectLeaseKey(changesName, wiki), async (guard) => {
    const runs = await tools.store.listRuns({
      job: changesName,
      subject: wiki,
      states: unfinishedStates,
      limit: 1,
    });
    const [open] = runs;
    if (open === undefined) return await work(guard);
    throw new RotaError(
      'RUN_BUSY',
      `${open.id} is ${open.state} and may publish what is to be hidden: let it end, or cancel it (rota run cancel ${open.id}), then redact`,
      { facts: { run: open.id } },
    );
  });
}

/**
 * Hides parts of revisions in the published days of a wiki, and lets days lead on from full dumps whose ledgers were
 * redacted. The days' own ledgers stay as they are: they are digests of states in which the revision was shown, and
 * a page that is brought up to date across it is told as unequal until a day says that the wiki hid it.
 * @param guard of the lease of {@link whileNoDayIsMade}
 */
export async function redactDays(
  tools: RedactDaysTools,
  guard: LeaseGuard,
  wiki: string,
  options: RedactDaysOptions,
): Promise<readonly RedactedDay[]> {
  const { store, farm, clock } = tools;
  const trees = changesTrees(farm, tools.trees);
  const folder = join(
    trees.public.workRoot,
    `${options.dryRun ? 'trial-redaction' : 'redaction'}.changes.${wiki}`,
  );
  const redacted: RedactedDay[] = [];
  for (const record of await readDays(store, wiki)) {
    // What a redaction that broke off has left is completed first: its files are in the folder that is emptied then.
    if (!options.dryRun && record.files.some((file) => file.replaces !== undefined))
      await followDay({ trees }, record);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { date } = record.manifest;
    const rewritten = await rewriteDay(tools, trees, record, folder, options.redaction);
    const next = nextRecord(trees, record, rewritten, options, clock.now());
    if (rewritten.length > 0) {
      const day = { date, files: rewritten.map(({ name, changed }) => ({ name, changed })) };
      redacted.push(day);
      options.onDay(day);
    }
    if (options.dryRun || next === record) continue;
    await holdLease(tools, `publish/changes/${wiki}`, async () => {
      const key = dayKey(wiki, date);
      // Retention may have taken the day away meanwhile: it is not brought back.
      if ((await store.readPointer({ key })) == null) return;
      await store.commitPointer({ key, value: next, guard });
      await followDay({ trees }, next);
    });
  }
  await rm(folder, { recursive: true, force: true });
  return redacted;
}

interface RewrittenDayFile {
  readonly name: string;
  readonly path: string;
  readonly digest: FileDigest;
  readonly changed: readonly number[];
}

async function rewriteDay(
  tools: RedactDaysTools,
  trees: Trees,
  { manifest, files }: DayRecord,
  folder: string,
  redaction: Redaction,
): Promise<readonly RewrittenDayFile[]> {
  const { wiki, date } = manifest;
  const rewritten: RewrittenDayFile[] = [];
  const { searchPath, signal } = tools;
  for (const { name, audience } of files) {
    if (audience !== 'public') continue;
    signal.throwIfAborted();
    const source = trees.public.file(wiki, date, name);
    const path = join(folder, name);
    const ending = name.slice(`${wiki}-${date}-`.length);
    if (ending === dayFiles.increment || ending === dayFiles.restored) {
      const changed = await redactStream(source, path, redaction, tools);
      if (changed.length > 0) rewritten.push({ name, path, digest: await digestFile(path, signal), changed });
    } else if (ending === dayFiles.stubs || ending === dayFiles.changes) {
      await using writer = await HashingFileWriter.create(path);
      const write = (bytes: Buffer) => writer.write(bytes);
      const { changed } =
        ending === dayFiles.stubs
          ? await redactGz(source, write, { redaction, mode: 'one-pass', signal })
          : await redactPageChanges(
              rawBytes(await openContainer(source, { searchPath, signal })),
              write,
              redaction,
            );
      if (changed.length > 0) rewritten.push({ name, path, digest: await writer.close(), changed });
    }
  }
  return rewritten;
}

/** A bz2 file without an index: read, and written again as one stream. Memory: one revision. */
async function redactStream(
  source: string,
  target: string,
  redaction: Redaction,
  tools: RedactDaysTools,
): Promise<readonly number[]> {
  const { signal } = tools;
  const changed: number[] = [];
  await using writer = await openWriter(target, 'bz2', tools);
  for await (const part of xmlParts(rawBytes(await openContainer(source, tools)))) {
    if (part.kind === 'end') break;
    signal.throwIfAborted();
    let { bytes } = part;
    if (part.kind === 'revision' && redaction.revisions.has(part.id)) {
      const now = redactRevision(bytes, redaction.parts, 'text-pass');
      if (now === null) throw new RangeError(`revision ${part.id} is not written as Rota writes revisions`);
      if (now !== bytes) changed.push(part.id);
      bytes = now;
    }
    await writer.write(bytes);
  }
  if (changed.length > 0) await writer.finish();
  return changed;
}

/** The same record where nothing of it changes. */
function nextRecord(
  trees: Trees,
  record: DayRecord,
  rewritten: readonly RewrittenDayFile[],
  { redaction, ledgers }: RedactDaysOptions,
  now: Date,
): DayRecord {
  const anew = new Map(rewritten.map((file) => [file.name, file]));
  const { manifest } = record;
  const leadsAnew = manifest.bases.some((base) => ledgers.has(base.ledgerSha256));
  if (rewritten.length === 0 && !leadsAnew) return record;
  const plain = ({ sizeBytes, md5, sha1, sha256 }: FileDigest) => ({ sizeBytes, md5, sha1, sha256 });
  const note: NonNullable<DayManifest['redacted']>[number] = {
    at: now.toISOString(),
    revisions: [...new Set(rewritten.flatMap(({ changed }) => changed))].sort((a, b) => a - b),
    parts: (['text', 'comment', 'user'] as const).filter((part) => redaction.parts[part]),
    files: rewritten.map(({ name }) => name),
  };
  return {
    manifest: {
      ...manifest,
      bases: manifest.bases.map((base) => ({
        ...base,
        ledgerSha256: ledgers.get(base.ledgerSha256) ?? base.ledgerSha256,
      })),
      files: manifest.files.map((file) => {
        const digest = anew.get(file.name)?.digest;
        return digest === undefined ? file : { ...file, ...plain(digest) };
      }),
      redacted: [...(manifest.redacted ?? []), ...(rewritten.length === 0 ? [] : [note])],
    },
    files: record.files.map((file) => {
      const made = anew.get(file.name);
      if (made === undefined || file.audience !== 'public') return file;
      return {
        ...file,
        committedPath: relative(trees.public.workRoot, made.path),
        digest: plain(made.digest),
        replaces: [...(file.replaces ?? []), file.digest.sha256],
      };
    }),
  };
}

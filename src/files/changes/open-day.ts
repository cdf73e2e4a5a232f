import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import {
  type DayManifest,
  dayFiles,
  dayManifestName,
  parseDayManifest,
} from '../../export/changes/day-manifest.ts';
import type { ReadOptions } from '../../export/containers/read/container.ts';
import { openContainer, rawBytes } from '../../export/containers/read/open-container.ts';
import { readPlain } from '../../export/containers/read/plain.ts';

/** A folder of changes whose manifest was read. */
export interface DayFolder {
  readonly name: string;
  readonly folder: string;
  readonly manifest: DayManifest;
}

/** @throws RotaError CHANGES_UNREADABLE */
export async function openDay(name: string, folder: string): Promise<DayFolder> {
  const path = join(folder, dayManifestName);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RotaError(
      'CHANGES_UNREADABLE',
      `${name} is no folder of a day of changes: ${dayManifestName} cannot be read there; fetch the whole folder`,
      { cause, facts: { folder } },
    );
  });
  return { name, folder, manifest: parseDayManifest(parseJson(text), join(name, dayManifestName)) };
}

/** Refuses days that do not lead on, one from the other, from the full dump's ledger. */
export function checkChain(days: readonly DayFolder[], fullLedgerSha256: string): void {
  let from = fullLedgerSha256;
  let what = 'the full dump';
  for (const { name, manifest } of days) {
    if (!manifest.exact || manifest.ledger === null) {
      throw broken(
        `${name} (${manifest.status}) has only new revisions, no ledger to bring a dump up to date by`,
      );
    }
    if (!manifest.bases.some((base) => base.ledgerSha256 === from)) {
      const bases = manifest.bases.map((base) => `${base.job} of ${base.date}`).join(' and ');
      throw broken(`${name} does not follow ${what}: it leads on from ${bases}`);
    }
    from = manifest.ledger.sha256;
    what = name;
  }
}

/** Everything that belongs to a day, with its path. */
export function filesOf({ folder, manifest }: DayFolder): readonly string[] {
  return [dayManifestName, ...manifest.files.map(({ name }) => name)].map((name) => join(folder, name));
}

/**
 * @param output absolute, as the inputs are; what is not there is no input
 * @throws RotaError USAGE when the output is one of the inputs, by whatever name
 */
export function refuseAsOutput(output: string, inputs: readonly string[]): void {
  const target = realPathOf(output);
  if (target === null || !inputs.some((input) => realPathOf(input) === target)) return;
  throw new RotaError('USAGE', `${output} is read: name another file for the output`);
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** Reads all files of the day that are needed and compares them with its manifest. */
export async function checkFiles(day: DayFolder, signal: AbortSignal): Promise<void> {
  for (const file of neededFiles(day)) {
    const path = join(day.folder, file.name);
    const hash = createHash('sha256');
    for await (const { bytes } of readPlain({ path, fileBytes: file.sizeBytes }, { signal }))
      hash.update(bytes);
    if (hash.digest('hex') === file.sha256) continue;
    throw new RotaError(
      'CHANGES_UNREADABLE',
      `${join(day.name, file.name)} is not what ${dayManifestName} says (SHA-256); fetch it again`,
      { facts: { path } },
    );
  }
}

const needed = [dayFiles.increment, dayFiles.restored, dayFiles.changes, dayFiles.ledger];

function neededFiles({ manifest, name }: DayFolder): DayManifest['files'] {
  return needed.map((ending) => {
    const file = manifest.files.find((one) => one.name === `${manifest.wiki}-${manifest.date}-${ending}`);
    if (file !== undefined) return file;
    throw new RotaError('CHANGES_UNREADABLE', `${name} lists no ${ending}; fetch the day again`);
  });
}

/** The decompressed content of one of the day's files. */
export async function dayContent(
  { folder, manifest }: DayFolder,
  ending: string,
  options: ReadOptions,
): Promise<AsyncGenerator<Buffer, void, void>> {
  const path = join(folder, `${manifest.wiki}-${manifest.date}-${ending}`);
  return rawBytes(await openContainer(path, options));
}

function broken(what: string): RotaError {
  return new RotaError(
    'CHANGES_CHAIN_BROKEN',
    `the days do not lead on from the full dump: ${what}; give every day since the full dump, oldest first`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

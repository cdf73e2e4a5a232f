import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VersionRepository } from './version-repository.ts';

/** What a target lacks of a version, as one file that git can unpack; the same for all hosts with the same base. */
export interface Pack {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Packs the objects of a version that its base has not: what a comparison of the two trees finds, so the cost is that of
 * the difference. Without a base, everything. Made once and kept.
 */
export async function makePack(
  repository: VersionRepository,
  commit: string,
  base: string | null,
): Promise<Pack> {
  const file = join(repository.packFolder, `${base ?? 'full'}-${commit}.pack`);
  const kept = await readFile(file).catch(() => null);
  const body = kept ?? (await pack(repository, commit, base));
  if (kept === null) {
    // By rename: a pack that is there is whole.
    await writeFile(`${file}.new`, body);
    await rename(`${file}.new`, file);
  }
  return { file, sha256: createHash('sha256').update(body).digest('hex'), bytes: body.length };
}

async function pack(repository: VersionRepository, commit: string, base: string | null): Promise<Buffer> {
  if (base === null) {
    return await repository.git(['pack-objects', '--revs', '--stdout', '-q', '--delta-base-offset'], {
      input: `${commit}\n`,
    });
  }
  const changed = await repository.git([
    'diff-tree',
    '-r',
    '-t',
    '-z',
    '--no-renames',
    '--diff-filter=d',
    base,
    commit,
  ]);
  const fields = changed.toString('latin1').split('\0');
  const objects: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const object = (fields[i] ?? '').split(' ')[3];
    // The path only helps to find what to make a difference from; a name with a line feed would end the line.
    if (object !== undefined) objects.push(`${object} ${(fields[i + 1] ?? '').replaceAll('\n', ' ')}`);
  }
  const tree = (await repository.git(['rev-parse', `${commit}^{tree}`])).toString().trim();
  // `-commit`: what the target has already and a difference may be made from.
  const input = Buffer.from(
    [`-${base}`, commit, tree, ...objects].map((line) => `${line}\n`).join(''),
    'latin1',
  );
  return await repository.git(['pack-objects', '--stdout', '-q', '--delta-base-offset'], { input });
}

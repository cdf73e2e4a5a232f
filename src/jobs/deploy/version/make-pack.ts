import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { VersionRepository } from './version-repository.ts';

/** What a target lacks of a version, as one file; the same for all hosts with the same base. */
export interface Pack {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The last bytes of it are git's index of it; 0: the target makes one. */
  readonly indexBytes: number;
}

/**
 * Packs the objects of a version that its base has not: what a comparison of the two trees finds, so the cost is that of
 * the difference. Without a base, everything. Made once and kept. Memory: the difference.
 */
export async function makePack(
  repository: VersionRepository,
  commit: string,
  base: string | null,
): Promise<Pack> {
  if (base === null) return await wholePack(repository, commit);
  const file = join(repository.packFolder, `${base}-${commit}.pack`);
  const kept = await readFile(file).catch(() => null);
  const body = kept ?? (await difference(repository, commit, base));
  if (kept === null) {
    // By rename: a pack that is there is whole.
    await writeFile(`${file}.new`, body);
    await rename(`${file}.new`, file);
  }
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { file, sha256, bytes: body.length, indexBytes: 0 };
}

/**
 * Everything, with git's index behind it, as making one costs a target as much as writing all files. Without differences
 * between files: looking for them takes longer than sending what they save, which is once for a host.
 */
async function wholePack(repository: VersionRepository, commit: string): Promise<Pack> {
  const folder = repository.packFolder;
  const pattern = new RegExp(`^full-${commit}\\.(\\d+)\\.pack$`);
  let name = (await readdir(folder)).find((one) => pattern.test(one));
  if (name === undefined) {
    const making = await mkdtemp(join(folder, 'making-'));
    try {
      const base = join(making, 'whole');
      const options = ['--revs', '-q', '--delta-base-offset', '--window=0', '--compression=1'];
      const made = await repository.git(['pack-objects', ...options, base], { input: `${commit}\n` });
      const [pack, index] = [
        `${base}-${made.toString().trim()}.pack`,
        `${base}-${made.toString().trim()}.idx`,
      ];
      // Git makes both so that nobody writes them.
      await chmod(pack, 0o600);
      name = `full-${commit}.${(await stat(index)).size}.pack`;
      await pipeline(createReadStream(index), createWriteStream(pack, { flags: 'a' }));
      await rename(pack, join(folder, name));
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  }
  const file = join(folder, name);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const { size: bytes } = await stat(file);
  return { file, sha256: hash.digest('hex'), bytes, indexBytes: Number(pattern.exec(name)?.[1]) };
}

async function difference(repository: VersionRepository, commit: string, base: string): Promise<Buffer> {
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

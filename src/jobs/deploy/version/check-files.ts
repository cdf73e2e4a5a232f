import { lstatSync } from 'node:fs';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { pathMatcher } from './path-pattern.ts';
import type { VersionRepository } from './version-repository.ts';
import { shown } from './walk-tree.ts';

/** Paths that hold secrets so often that deploying them must be meant. */
const secretLooking = [
  'private/**',
  '.ssh',
  '*.pem',
  '*.key',
  '*.p12',
  '*.pfx',
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
  '.htpasswd',
  '.netrc',
];

/** No pointer of Git LFS is larger (its specification says 1024 bytes). */
const maxPointerBytes = 1024;
const pointerBeginning = 'version https://git-lfs.github.com/spec/';

/** Refuses what changed since the last version and should not be deployed unless it is allowed by name. */
export async function checkFiles(
  repository: VersionRepository,
  p: {
    readonly source: string;
    readonly tree: string;
    readonly base: string | null;
    readonly allow: readonly string[];
  },
): Promise<void> {
  const isSecret = pathMatcher(secretLooking);
  const isAllowed = pathMatcher(p.allow);
  const small: { readonly path: string; readonly object: string }[] = [];
  for (const { path, object, isFile } of await changedFiles(repository, p.tree, p.base)) {
    if (isAllowed(path)) continue;
    if (isSecret(path)) throw refusal(p.source, path, 'looks like a secret');
    if (!isFile) continue;
    const stat = lstatSync(Buffer.concat([Buffer.from(`${p.source}/`), Buffer.from(path, 'latin1')]));
    if ((stat.mode & 0o077) === 0)
      throw refusal(p.source, path, 'may be read by its owner only, as secrets are');
    if (stat.size <= maxPointerBytes && stat.size >= pointerBeginning.length) small.push({ path, object });
  }
  const pointer = await findPointer(repository, small);
  if (pointer !== undefined) {
    throw new RotaError(
      'SOURCE_UNFIT',
      `${shown(pointer)} in ${p.source} is a pointer of Git LFS, not the file itself: fetch it (git lfs pull)`,
      { facts: { path: shown(pointer) } },
    );
  }
}

function refusal(source: string, path: string, why: string): RotaError {
  return new RotaError(
    'SOURCE_UNFIT',
    `${shown(path)} in ${source} ${why}: move it out of the tree, declare it (secrets, links), or name it under allow`,
    { facts: { path: shown(path) } },
  );
}

async function changedFiles(repository: VersionRepository, tree: string, base: string | null) {
  const args =
    base === null
      ? ['ls-tree', '-r', '-z', tree]
      : ['diff-tree', '-r', '-z', '--no-renames', '--diff-filter=d', base, tree];
  const fields = (await repository.git(args))
    .toString('latin1')
    .split('\0')
    .filter((field) => field !== '');
  if (base === null) {
    return fields.map((field) => {
      const [, mode = '', object = '', path = ''] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(field) ?? [];
      return { path, object, isFile: mode.startsWith('100') };
    });
  }
  const changed: { readonly path: string; readonly object: string; readonly isFile: boolean }[] = [];
  // `:100644 100755 <old> <new> M`, then the path.
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, mode = '', , object = ''] = (fields[i] ?? '').split(' ');
    changed.push({ path: fields[i + 1] ?? '', object, isFile: mode.startsWith('100') });
  }
  return changed;
}

async function findPointer(
  repository: VersionRepository,
  files: readonly { readonly path: string; readonly object: string }[],
): Promise<string | undefined> {
  if (files.length === 0) return undefined;
  const output = await repository.git(['cat-file', '--batch', '--buffer'], {
    input: files.map(({ object }) => `${object}\n`).join(''),
  });
  let at = 0;
  for (const { path } of files) {
    const lineEnd = output.indexOf(0x0a, at);
    const size = Number(output.toString('latin1', at, lineEnd).split(' ')[2]);
    const body = output.subarray(lineEnd + 1, lineEnd + 1 + size);
    if (body.toString('latin1', 0, pointerBeginning.length) === pointerBeginning) return path;
    at = lineEnd + 1 + size + 1;
  }
  return undefined;
}

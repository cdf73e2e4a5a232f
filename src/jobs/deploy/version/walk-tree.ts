import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, posix } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';

export interface TreeWalk {
  /** Paths of files and symbolic links, relative, as bytes in latin1: file names need not be UTF-8. */
  readonly paths: readonly string[];
  /** Folders with a repository of their own (`.git`), '' for the tree's root. */
  readonly repositories: readonly string[];
  /** Folders with nothing in them: git keeps none, so no target gets them. */
  readonly emptyFolders: readonly string[];
}

/**
 * Every file of a staging tree, but for git's own and what is ignored. It reads folders only: git looks at the files.
 * Memory: the paths.
 */
export function walkTree(root: string, isIgnored: (path: string) => boolean): TreeWalk {
  const paths: string[] = [];
  const repositories: string[] = [];
  const emptyFolders: string[] = [];
  const visit = (folder: string): void => {
    const entries = readFolder(root, folder);
    let kept = 0;
    for (const entry of entries) {
      const name = entry.name.toString('latin1');
      const path = folder === '' ? name : `${folder}/${name}`;
      if (name === '.git') {
        repositories.push(folder);
        continue;
      }
      if (isIgnored(path)) continue;
      kept++;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) paths.push(path);
      else if (entry.isSymbolicLink()) paths.push(checkedLink(root, path));
      else {
        throw new RotaError(
          'SOURCE_UNFIT',
          `${shown(path)} in ${root} is neither file, folder nor symbolic link: a version cannot hold it`,
          { facts: { path: shown(path) } },
        );
      }
    }
    if (kept === 0 && folder !== '') emptyFolders.push(folder);
  };
  visit('');
  return { paths, repositories, emptyFolders };
}

function readFolder(root: string, folder: string) {
  try {
    const path = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(folder, 'latin1')]);
    return readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new RotaError(
      'FILE_UNREADABLE',
      `${join(root, shown(folder))} cannot be read (${code}): is \`source\` right?`,
      {
        cause: error,
      },
    );
  }
}

/** A link out of the tree would lead to something else, or nothing, on every target. */
function checkedLink(root: string, path: string): string {
  const full = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
  const target = readlinkSync(full, 'buffer').toString('latin1');
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  if (target.startsWith('/') || resolved === '..' || resolved.startsWith('../')) {
    throw new RotaError(
      'SOURCE_UNFIT',
      `The symbolic link ${shown(path)} in ${root} leads out of the tree (to ${shown(target)}): make it relative, or ignore it`,
      { facts: { path: shown(path) } },
    );
  }
  return path;
}

/** A path for people: of latin1 bytes the UTF-8 text that they mostly are. */
export function shown(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

/** Submodules that `.gitmodules` names and that have no files: somebody forgot to fetch them. */
export function missingSubmodules(root: string, walk: TreeWalk): readonly string[] {
  const missing: string[] = [];
  for (const path of walk.paths) {
    if (path !== '.gitmodules' && !path.endsWith('/.gitmodules')) continue;
    const folder = path.slice(0, -'.gitmodules'.length);
    const text = readFileSync(join(root, shown(path)), 'latin1');
    for (const [, name = ''] of text.matchAll(/^\s*path\s*=\s*(.*?)\s*$/gm)) {
      const prefix = `${folder}${name}/`;
      if (!walk.paths.some((other) => other.startsWith(prefix))) missing.push(`${folder}${name}`);
    }
  }
  return missing;
}

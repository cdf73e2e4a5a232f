import { join } from 'node:path';
import { tryGit } from './git.ts';
import { shown } from './walk-tree.ts';

/** A git repository in the staging tree, as it was when a version was made of it. */
export interface NestedRepository {
  /** Its folder, relative; '' for the tree's own. */
  readonly path: string;
  /** Null where git could not say. */
  readonly commit: string | null;
  readonly author: string | null;
  readonly subject: string | null;
  /** Whether files that it knows differ from that commit. */
  readonly isDirty: boolean | null;
}

const atOnce = 8;

/** What the repositories in the staging tree were at. Nothing of a version depends on it: what fails is left open. */
export async function nestedRepositories(
  source: string,
  folders: readonly string[],
): Promise<readonly NestedRepository[]> {
  const found: NestedRepository[] = [];
  for (let i = 0; i < folders.length; i += atOnce) {
    found.push(
      ...(await Promise.all(folders.slice(i, i + atOnce).map((folder) => describe(source, folder)))),
    );
  }
  return found;
}

async function describe(source: string, folder: string): Promise<NestedRepository> {
  const path = shown(folder);
  const workTree = join(source, path);
  // The staging tree may be another user's: whose it is matters to hooks and settings, none of which run here.
  const ask = (...args: readonly string[]) =>
    tryGit(['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false', ...args], {
      repository: join(workTree, '.git'),
      workTree,
      env: { GIT_OPTIONAL_LOCKS: '0' },
    });
  const head = await ask('log', '-1', '--no-show-signature', '--format=%H%n%an <%ae>%n%s');
  if (head.status !== 0) return { path, commit: null, author: null, subject: null, isDirty: null };
  const [commit = null, author = null, subject = null] = head.stdout.toString().split('\n');
  // It looks into files whose times differ, and only tells.
  const state = await ask('diff', '--quiet', '--no-ext-diff', '--no-textconv', '--ignore-submodules', 'HEAD');
  return {
    path,
    commit,
    author,
    subject,
    isDirty: state.status === 0 ? false : state.status === 1 ? true : null,
  };
}

import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import { assertDate, assertFileName, assertWiki } from '../dump-catalogue/file-name.ts';
import { makeFolder } from '../files/durable.ts';

export type Audience = 'public' | 'private';

/** The two served trees. Each has a work folder of its own beside it, so that publishing is a rename. */
export interface Trees {
  readonly public: Tree;
  readonly private: Tree;
}

export interface TreeLocation {
  /** The served folder. */
  readonly root: string;
  /** Where unfinished work lies; default: the root's name with `.work` behind it, beside the root. */
  readonly work?: string;
  readonly audience: Audience;
}

/** One served tree; the only place that knows where things lie in it. */
export class Tree {
  readonly root: string;
  readonly workRoot: string;
  readonly audience: Audience;

  constructor(location: TreeLocation) {
    this.root = resolve(location.root);
    this.workRoot = resolve(location.work ?? `${this.root}.work`);
    this.audience = location.audience;
  }

  wikiFolder(wiki: string): string {
    return join(this.root, assertWiki(wiki));
  }

  dateFolder(wiki: string, date: string): string {
    return join(this.wikiFolder(wiki), assertDate(date));
  }

  latestFolder(wiki: string): string {
    return join(this.wikiFolder(wiki), 'latest');
  }

  file(wiki: string, date: string, name: string): string {
    return join(this.dateFolder(wiki, date), assertFileName(name));
  }

  /** The modes of what is made in this tree: nobody but its owner and group reads the private one. */
  get folderMode(): number {
    return this.audience === 'public' ? 0o755 : 0o750;
  }

  get fileMode(): number {
    return this.audience === 'public' ? 0o644 : 0o640;
  }

  /**
   * Makes root and work folder where they are missing and refuses a work folder that is served or on another file
   * system (WORKSPACE_MISPLACED).
   */
  async prepare(): Promise<void> {
    if (isInside(this.workRoot, this.root) || isInside(this.root, this.workRoot)) {
      throw new RotaError(
        'WORKSPACE_MISPLACED',
        `The work folder ${this.workRoot} and the ${this.audience} tree ${this.root} lie one in the other; put them side by side`,
        { facts: { work: this.workRoot, root: this.root } },
      );
    }
    await makeFolder(this.root, this.folderMode);
    await makeFolder(this.workRoot, 0o700);
    const [root, work] = await Promise.all([stat(this.root), stat(this.workRoot)]);
    if (root.dev !== work.dev) {
      throw new RotaError(
        'WORKSPACE_MISPLACED',
        `The work folder ${this.workRoot} is on another file system than the ${this.audience} tree ${this.root}; publishing is a rename, so set output.work to a folder on the file system of ${dirname(this.root)}, or move the tree one folder down`,
        { facts: { work: this.workRoot, root: this.root } },
      );
    }
  }
}

/** True when `path` is `folder` or below it. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

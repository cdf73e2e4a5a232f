import { writing } from '../files/file-failure.ts';
import type { Audience, Trees } from '../workspace/tree.ts';
import { workPath } from '../workspace/workspace.ts';
import { type Move, moveOnce } from './move-once.ts';
import type { PublishedSet, SetAddress } from './pointers.ts';
import type { PublishingFileSystem } from './publishing-file-system.ts';

/** Private before public: if the second half is late, nothing public lacks its private counterpart. */
const audiences: readonly Audience[] = ['private', 'public'];

/** Makes the trees hold the set as its pointer says. Repeatable. Gives how many files were moved now. */
export async function followSet(
  fs: PublishingFileSystem,
  trees: Trees,
  at: SetAddress,
  set: PublishedSet,
  proof: Move['proof'],
): Promise<number> {
  let moved = 0;
  for (const audience of audiences) {
    const files = set.files.filter((file) => file.audience === audience);
    if (files.length === 0) continue;
    const tree = trees[audience];
    const folder = tree.dateFolder(at.wiki, at.date);
    await fs.makeFolder(folder, tree.folderMode);
    for (const file of files) {
      const outcome = await moveOnce(fs, {
        from: workPath(tree, file.committedPath),
        to: tree.file(at.wiki, at.date, file.name),
        digest: file.digest,
        mode: tree.fileMode,
        proof,
        ...(file.replaces === undefined ? {} : { replaces: file.replaces }),
      });
      if (outcome === 'moved') moved += 1;
    }
    await writing('sync', folder, () => fs.syncFolder(folder));
  }
  return moved;
}

import { randomBytes } from 'node:crypto';
import { readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, temporaryPrefix } from '../../../publish/files/durable.ts';
import { writing } from '../../../publish/files/file-failure.ts';

/** Lets `latest` name a report: a link that is made aside and put in place by a rename. */
export async function linkLatest(home: string, folder: string): Promise<void> {
  const link = join(home, 'latest');
  await writing('link', link, async () => {
    if ((await readlink(link).catch(() => null)) === folder) return;
    const aside = join(home, `${temporaryPrefix}latest.${randomBytes(4).toString('hex')}`);
    await symlink(folder, aside);
    try {
      await rename(aside, link);
    } catch (error) {
      await rm(aside, { force: true });
      throw error;
    }
  });
  await syncFolder(home);
}

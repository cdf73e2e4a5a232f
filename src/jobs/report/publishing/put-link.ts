import { randomBytes } from 'node:crypto';
import { readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, temporaryPrefix } from '../../../publish/files/durable.ts';
import { writing } from '../../../publish/files/file-failure.ts';

/** Lets a name stand for something else in the same folder: a link that is made aside and put in place by one rename. */
export async function putLink(home: string, name: string, target: string): Promise<void> {
  const link = join(home, name);
  await writing('link', link, async () => {
    if ((await readlink(link).catch(() => null)) === target) return;
    const aside = join(home, `${temporaryPrefix}${name}.${randomBytes(4).toString('hex')}`);
    await symlink(target, aside);
    try {
      await rename(aside, link);
    } catch (error) {
      await rm(aside, { force: true });
      throw error;
    }
  });
  await syncFolder(home);
}

import { chmod, link, readlink, rename, rm, stat, symlink, unlink } from 'node:fs/promises';
import { makeFolder, syncFolder, writeFileAtomic } from '../files/durable.ts';

/** The steps by which the file system follows a pointer. A parameter, so that tests can let each of them fail. */
export interface PublishingFileSystem {
  makeFolder(path: string, mode: number): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  /** A second name; fails with EEXIST where a rename would replace. */
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  readlink(path: string): Promise<string>;
  stat(path: string): Promise<{ readonly dev: number; readonly ino: number; readonly size: number }>;
  remove(path: string): Promise<void>;
  writeFileAtomic(path: string, body: string, options: { readonly mode: number }): Promise<void>;
  syncFolder(path: string): Promise<void>;
}

export const nodeFileSystem: PublishingFileSystem = {
  makeFolder,
  chmod,
  link,
  unlink,
  rename,
  symlink: (target, path) => symlink(target, path),
  readlink: (path) => readlink(path),
  stat: (path) => stat(path),
  remove: (path) => rm(path, { force: true }),
  writeFileAtomic,
  syncFolder,
};

import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { type GitOptions, git, tryGit } from './git.ts';
import { parseVersionName, type Version } from './version.ts';

/** The bare repository with all versions of an environment, on the deploy host. One process uses it at a time. */
export class VersionRepository {
  readonly path: string;
  readonly #signal: AbortSignal | undefined;

  private constructor(path: string, signal: AbortSignal | undefined) {
    this.path = path;
    this.#signal = signal;
  }

  /** Makes it where it is not there yet. */
  static async open(path: string, signal?: AbortSignal): Promise<VersionRepository> {
    const repository = new VersionRepository(path, signal);
    const made = join(path, 'rota');
    if (await exists(made)) return repository;
    await mkdir(path, { recursive: true, mode: 0o750 });
    await git(['init', '-q', '--bare', path], { repository: path });
    const settings = {
      'gc.auto': '0',
      'core.protectHFS': 'false',
      'core.protectNTFS': 'false',
      'core.autocrlf': 'false',
      'core.fsmonitor': 'false',
      'core.untrackedCache': 'false',
      'core.compression': '1',
      'pack.threads': '0',
    };
    for (const [key, value] of Object.entries(settings)) await repository.git(['config', key, value]);
    await mkdir(join(path, 'info'), { recursive: true });
    await writeFile(join(path, 'info', 'attributes'), '* -text -eol -filter -ident -working-tree-encoding\n');
    await writeFile(join(path, 'info', 'exclude'), '');
    await mkdir(join(path, 'packs'), { recursive: true });
    await writeFile(made, 'made by rota: versions of an environment\n');
    return repository;
  }

  /** Where packs for targets are kept, by what they hold. */
  get packFolder(): string {
    return join(this.path, 'packs');
  }

  get indexFile(): string {
    return join(this.path, 'rota.index');
  }

  /** A tree with nothing in it, which git knows without having it. */
  readonly emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

  git(args: readonly string[], options: Omit<GitOptions, 'repository'> = {}): Promise<Buffer> {
    return git(args, this.#with(options));
  }

  tryGit(args: readonly string[], options: Omit<GitOptions, 'repository'> = {}) {
    return tryGit(args, this.#with(options));
  }

  /** Newest first. */
  async versions(): Promise<readonly Version[]> {
    const text = await this.git([
      'for-each-ref',
      '--format=%(refname:strip=2) %(objectname) %(tree)',
      'refs/tags',
    ]);
    const versions = text
      .toString()
      .split('\n')
      .flatMap((line): Version[] => {
        const [name = '', commit = '', tree = ''] = line.split(' ');
        const parsed = parseVersionName(name);
        return parsed === null ? [] : [{ name, serial: parsed.serial, commit, tree }];
      });
    return versions.toSorted((a, b) => b.serial - a.serial);
  }

  /** @throws RotaError VERSION_UNKNOWN */
  async version(name: string): Promise<Version> {
    const versions = await this.versions();
    const found = versions.find(
      (version) => version.name === name || (name.length >= 7 && version.commit.startsWith(name)),
    );
    if (found !== undefined) return found;
    const known = versions
      .slice(0, 5)
      .map((version) => version.name)
      .join(', ');
    throw new RotaError(
      'VERSION_UNKNOWN',
      `There is no version ${JSON.stringify(name)}; the newest are ${known || 'none'}`,
    );
  }

  /** What a killed build left. The caller holds the environment's lease. */
  async clearLocks(): Promise<void> {
    await rm(`${this.indexFile}.lock`, { force: true });
    await rm(join(this.path, 'packed-refs.lock'), { force: true });
  }

  /** Takes away the files that git had not come to the end of when its disk was full: it leaves them, and the disk stays full. */
  async clearUnfinished(): Promise<void> {
    const objects = join(this.path, 'objects');
    for (const folder of await readdir(objects)) {
      const names = await readdir(join(objects, folder)).catch(() => []);
      const unfinished = names.filter((name) => name.startsWith('tmp_'));
      await Promise.all(unfinished.map((name) => rm(join(objects, folder, name), { force: true })));
    }
  }

  #with(options: Omit<GitOptions, 'repository'>): GitOptions {
    return {
      repository: this.path,
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
      ...options,
    };
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

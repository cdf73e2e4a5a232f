import { createHmac, randomBytes } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { EnvironmentConfig, TargetHost } from '../../../config/environment-config.ts';
import type { DeclaredFile } from '../../../config/environment-content-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { renderTemplate } from './template.ts';

/** Something that lies beside the version on one host. */
export interface ContentEntry {
  /** `file`: with these bytes; `folder` and `link`: in `<path>-shared/`; `built`: made by the host in `<path>-l10n/`. */
  readonly kind: 'file' | 'folder' | 'link' | 'built';
  readonly path: string;
  readonly mode: string;
  readonly group: string | null;
  readonly bytes: Uint8Array | null;
  /** `built`: the SHA-256 by which it is called. */
  readonly digest?: string;
}

/** A letter a kind, which programs on hosts tell them by. */
const letters = { file: 'f', folder: 'd', link: 'l', built: 'c' } as const;

/** All that lies beside the version on one host. */
export interface HostContent {
  readonly entries: readonly ContentEntry[];
  /** Changes with any byte of it, and tells nothing of the secrets in it. Null where there is nothing. */
  readonly digest: string | null;
}

/** They travel over the session, a line each, and lie in memory on both sides. */
const maxFileBytes = 1024 * 1024;
const digestChars = 12;

/**
 * Reads templates and secrets of an environment, each once, and makes of them what each host gets.
 * @throws RotaError FILE_UNREADABLE, SOURCE_UNFIT
 */
export class ContentMaker {
  readonly #environment: EnvironmentConfig;
  readonly #read = new Map<string, Promise<Buffer>>();
  #key: Promise<Buffer> | undefined;

  constructor(environment: EnvironmentConfig) {
    this.#environment = environment;
  }

  async contentFor(host: TargetHost, version: string): Promise<HostContent> {
    const { content, name, groups } = this.#environment;
    const variables = {
      ...content.vars,
      ...host.vars,
      host: host.name,
      group: groups.find((group) => group.hosts.includes(host.name))?.name ?? '',
      environment: name,
      version,
    };
    const links = content.links.map(
      ({ path, kind, mode, group }): ContentEntry => ({
        kind: kind === 'folder' ? 'folder' : 'link',
        path,
        mode,
        group,
        bytes: null,
      }),
    );
    const file = ({ path, mode, group }: DeclaredFile, bytes: Uint8Array): ContentEntry => ({
      kind: 'file',
      path,
      mode,
      group,
      bytes,
    });
    const files = content.files.map(async (one) => {
      const text = (await this.#source(one)).toString('utf8');
      return file(one, Buffer.from(renderTemplate(text, variables, one.source)));
    });
    const secrets = content.secrets.map(async (one) => file(one, await this.#source(one)));
    const entries = [...links, ...(await Promise.all([...files, ...secrets]))];
    return { entries, digest: entries.length === 0 ? null : await this.#digest(entries) };
  }

  #source({ source }: DeclaredFile): Promise<Buffer> {
    const known = this.#read.get(source) ?? readSmall(source);
    this.#read.set(source, known);
    return known;
  }

  /** Keyed: the digest stands in names and plans, and secrets may be short enough to be guessed from a plain one. */
  async #digest(entries: readonly ContentEntry[]): Promise<string> {
    this.#key ??= keyOf(join(this.#environment.repository, 'content.key'));
    const hmac = createHmac('sha256', await this.#key);
    for (const { kind, path, mode, group, bytes } of entries) {
      hmac.update(JSON.stringify([kind, path, mode, group, bytes?.length ?? null]));
      if (bytes !== null) hmac.update(bytes);
    }
    return hmac.digest('hex').slice(0, digestChars);
  }
}

async function readSmall(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > maxFileBytes) {
      throw new RotaError(
        'SOURCE_UNFIT',
        `${file} has ${size} bytes; a declared file may have ${maxFileBytes}`,
      );
    }
    return await readFile(file);
  } catch (error) {
    if (error instanceof RotaError) throw error;
    throw new RotaError(
      'FILE_UNREADABLE',
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      {
        cause: error,
      },
    );
  }
}

/** Made once; lost, all hosts get new slots with the next deployment, and nothing else happens. */
async function keyOf(file: string): Promise<Buffer> {
  try {
    await using handle = await open(file, 'wx', 0o600);
    const key = randomBytes(32);
    await handle.write(key);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return await readFile(file);
  }
}

/** A slot is called by its commit, and by what lies beside the version in it. */
export function slotName(commit: string, digest: string | null): string {
  return digest === null ? commit : `${commit}-${digest}`;
}

/**
 * The list of what lies beside the version, as the host's programs read it: kind, mode, group, path, and what the link in
 * the slot says, with tabs between.
 * @param base the last name of the deployed path
 */
export function contentList(entries: readonly ContentEntry[], slot: string, base: string): string {
  return entries
    .map(({ kind, mode, group, path, digest = '' }) => {
      const up = '../'.repeat(path.split('/').length);
      const beside = kind === 'built' ? `l10n/${digest}.cdb` : `shared/${path}`;
      const target = kind === 'file' ? `${up}${slot}.site/${path}` : `${up}../../${base}-${beside}`;
      return `${[letters[kind], mode, group ?? '-', path, posix.normalize(target)].join('\t')}\n`;
    })
    .join('');
}

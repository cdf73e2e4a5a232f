import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { FarmConfig } from '../../config/farm-config.ts';
import { readScopeText } from '../../config/scopes/read-scope-file.ts';
import { holdLease, type LeaseTools } from '../../control/hold-lease.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { writeFileAtomic } from '../../publish/files/durable.ts';

/** The file of a scope, as somebody begins to edit it. */
export interface ScopeSource {
  readonly name: string;
  /** As rota.yaml's folder sees it. */
  readonly shown: string;
  readonly text: string;
  /** Of the text, by which a change meanwhile is seen. */
  readonly digest: string;
  /** Why it may not be written here; null: it may. */
  readonly readOnly: string | null;
}

type Farm = Pick<FarmConfig, 'folder' | 'scopes' | 'scopeSources' | 'scopeFiles'>;

/** @throws RotaError SCOPE_UNKNOWN; SCOPE_NOT_EDITABLE where it has no file of its own */
export async function readScopeSource(farm: Farm, name: string): Promise<ScopeSource> {
  const file = fileOf(farm, name);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new RotaError('SCOPE_UNKNOWN', `The scope file ${file} cannot be read: ${error.message}`, {
      cause: error,
    });
  });
  return {
    name,
    shown: shownPath(farm, file),
    text,
    digest: digestOf(text),
    readOnly: await whyReadOnly(farm, file),
  };
}

/**
 * Puts a text in place of a scope's file, in one act, if it is still what it was when it was read; two who save at once
 * take turns. The text is looked at as rota.yaml would.
 *
 * @throws RotaError SCOPE_INVALID with every fault, SCOPE_CHANGED, SCOPE_NOT_EDITABLE, SCOPE_UNKNOWN, LEASE_HELD
 */
export async function saveScope(
  farm: Farm,
  tools: LeaseTools,
  change: { readonly name: string; readonly text: string; readonly base: string },
): Promise<ScopeSource> {
  const { name, text, base } = change;
  const file = fileOf(farm, name);
  readScopeText(name, text, shownPath(farm, file));
  return await holdLease(tools, `scope-file/${name}`, async () => {
    const now = await readScopeSource(farm, name);
    if (now.readOnly !== null) throw new RotaError('SCOPE_NOT_EDITABLE', now.readOnly);
    if (now.digest !== base) {
      throw new RotaError('SCOPE_CHANGED', `${now.shown} was changed by somebody else meanwhile`);
    }
    // Where a link leads to the file, the file is replaced and the link stays.
    const path = await realpath(file);
    await writeFileAtomic(path, text, { mode: (await stat(path)).mode & 0o777 });
    return { ...now, text, digest: digestOf(text) };
  });
}

/** A file that is fetched by git would not be fetched any more once it is changed here. */
async function whyReadOnly({ scopeFiles, ...farm }: Farm, file: string): Promise<string | null> {
  if (scopeFiles === null || !scopeFiles.pull) return null;
  const [folder, path] = await Promise.all([realpath(scopeFiles.folder), realpath(file)]);
  if (!path.startsWith(folder + sep)) return null;
  return `${shownPath(farm, file)} is fetched by git before each load, and is changed where it comes from: take the patch there`;
}

function fileOf(farm: Farm, name: string): string {
  const file = farm.scopeSources.get(name);
  if (file !== undefined) return file;
  if (!farm.scopes.has(name))
    throw new RotaError('SCOPE_UNKNOWN', `there is no scope ${JSON.stringify(name)}`);
  throw new RotaError(
    'SCOPE_NOT_EDITABLE',
    `the scope ${name} stands in rota.yaml itself, which is not edited here; give it a file of its own`,
  );
}

function shownPath({ folder }: Pick<Farm, 'folder'>, file: string): string {
  const short = relative(folder, file);
  return short.startsWith('..') ? file : short;
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

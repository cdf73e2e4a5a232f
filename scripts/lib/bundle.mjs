// Plain JavaScript for Node 18 and later. Finds what is to be run: the program as few files (a bundle), which starts in little more
// than half of the time, or its sources. A bundle is used only while every file that it was made of is what it was then (ADR 81).
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectFolder } from './runtime.mjs';

const require = createRequire(import.meta.url);

/**
 * A file that the bundle was made of: path within the project, bytes, times of content and of anything (ms), hash.
 * @typedef {[path: string, size: number, mtimeMs: number, ctimeMs: number, hash: string]} Input
 * What `node_modules/.rota-bundle.json` holds: the bundle of today, its folder's name within node_modules.
 * @typedef {{ folder: string, inputs: readonly Input[] }} Pointer
 */

/**
 * The file to start: the installed package's, the bundle's if it is fresh, else the source.
 * @param {string} [folder] of the project
 * @param {NodeJS.ProcessEnv} [env] ROTA_FROM_SOURCES=1 leaves the bundle aside
 */
export function programFile(folder = projectFolder, env = process.env) {
  const packaged = join(folder, 'bundle', 'program', 'main.js');
  if (existsSync(packaged)) return packaged;
  const bundle = env.ROTA_FROM_SOURCES === '1' ? null : freshBundle(folder);
  return bundle === null ? join(folder, 'src', 'cli', 'main.ts') : join(bundle, 'main.js');
}

/**
 * The folder of the bundle, null where there is none that is fresh.
 * @param {string} folder
 */
export function freshBundle(folder) {
  try {
    return checkBundle(folder, JSON.parse(readFileSync(pointerFile(folder), 'utf8')));
  } catch {
    // There is none, it is another version's, or a file went away at this moment: the sources are always there.
    return null;
  }
}

/**
 * @param {string} folder
 * @param {Pointer} pointer
 */
function checkBundle(folder, pointer) {
  const bundle = join(folder, 'node_modules', pointer.folder);
  /** @type {Map<string, NonNullable<ReturnType<typeof stampOf>>>} */
  const touched = new Map();
  for (const [path, size, mtimeMs, ctimeMs] of pointer.inputs) {
    const now = statSync(`${folder}/${path}`, { throwIfNoEntry: false });
    // Another size is another content; times may change without it, as in a copy of the folder.
    if (now === undefined || now.size !== size) return null;
    if (now.mtimeMs !== mtimeMs || now.ctimeMs !== ctimeMs) touched.set(path, stampOf(now));
  }
  if (!existsSync(join(bundle, 'main.js'))) return null;
  if (touched.size === 0) return bundle;
  for (const [path, , , , hash] of pointer.inputs) {
    if (touched.has(path) && hashOf(readFileSync(join(folder, path))) !== hash) return null;
  }
  const inputs = pointer.inputs.map(([path, size, mtimeMs, ctimeMs, hash]) => [
    path,
    size,
    ...(touched.get(path) ?? [mtimeMs, ctimeMs]),
    hash,
  ]);
  writePointer(folder, { ...pointer, inputs });
  return bundle;
}

const restlessMs = 2000;

/**
 * The times by which it is seen that a file was changed. Those of a young one are not taken: within a tick of the clock it could
 * change once more, and keep them.
 * @param {import('node:fs').Stats} stats
 * @returns {[mtimeMs: number, ctimeMs: number]}
 */
export function stampOf({ mtimeMs, ctimeMs }) {
  return Date.now() - ctimeMs < restlessMs ? [0, 0] : [mtimeMs, ctimeMs];
}

/** @param {Uint8Array} bytes */
export function hashOf(bytes) {
  // Loaded when something is to be hashed: that is seldom so when a command starts.
  const { createHash } = require('node:crypto');
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/**
 * Whole or not at all. Where it cannot be written, that is no failure.
 * @param {string} folder
 * @param {Pointer} pointer
 */
export function writePointer(folder, pointer) {
  const file = pointerFile(folder);
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, JSON.stringify(pointer));
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}

function pointerFile(folder) {
  return join(folder, 'node_modules', '.rota-bundle.json');
}

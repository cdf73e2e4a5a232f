// Plain JavaScript for Node 18 and later: puts the program, with the packages that it uses, into few files (ADR 81).
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join, relative, sep } from 'node:path';
import { freshBundle, hashOf, stampOf, writePointer } from './bundle.mjs';

/** What is started by its file: the program, its threads, and what `rota doctor` runs beside itself. */
const entries = {
  main: 'src/cli/main.ts',
  'render-thread': 'src/dumping/threads/render-thread.ts',
  'scan-thread': 'src/dumping/verify/scan-thread.ts',
  'shared-folder-child': 'src/operations/doctor/shared-folder-child.ts',
};
/**
 * They say how modules are found and what is made of them, so a bundle made with others is another one. npm writes its own record of
 * node_modules anew whenever it changes something there.
 */
const settings = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'scripts/lib/make-bundle.mjs',
  'node_modules/.package-lock.json',
];
/** Native code stays a package. */
export const leftOut = ['@duckdb/node-api'];

const oldMs = 2 * 24 * 3600_000;
const keptAnyway = 3;

/**
 * The bundle of a clone: made unless there is a fresh one. Null where it cannot be: then the sources are run.
 * @param {string} folder of the project
 * @param {(line: string) => void} say what went wrong
 * @param {{ anew?: boolean }} [options] anew: whatever is there, as after changes in node_modules by hand
 */
export async function ensureBundle(folder, say, { anew = false } = {}) {
  try {
    return (anew ? null : freshBundle(folder)) ?? (await makeFresh(folder));
  } catch (error) {
    const [first] = String(error instanceof Error ? error.message : error).split('\n');
    say(`no bundle could be made (${first}): running the sources, which start more slowly.`);
    return null;
  }
}

async function makeFresh(folder) {
  const modules = join(folder, 'node_modules');
  const temporary = join(modules, `.rota-making-${process.pid}-${Math.random().toString(36).slice(2)}`);
  mkdirSync(temporary);
  try {
    const inputs = await writeBundle(folder, temporary);
    const name = `.rota-${hashOf(Buffer.from(inputs.map(([path, , , , hash]) => `${hash} ${path}\n`).join('')))}`;
    const bundle = join(modules, name);
    try {
      renameSync(temporary, bundle);
    } catch (error) {
      // Another process made the same one meanwhile.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
    writePointer(folder, { folder: name, inputs: inputs.filter(isWatched) });
    removeOld(modules, name);
    return bundle;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Packages are 600 files more to look at, at each start: that npm changed nothing is enough. */
function isWatched([path]) {
  return !path.startsWith('node_modules/') || settings.includes(path);
}

/**
 * Writes the files into `target`, two folders below the one that has package.json and bin/.
 * @param {string} folder of the project
 * @param {string} target
 * @returns {Promise<readonly import('./bundle.mjs').Input[]>} what it was made of, by path
 */
export async function writeBundle(folder, target) {
  const { build } = await import('esbuild');
  /** @type {Map<string, import('./bundle.mjs').Input>} */
  const inputs = new Map();
  const read = (file) => {
    const path = relative(folder, file).split(sep).join('/');
    // Before it is read: what changes afterwards has other times.
    const stamp = stampOf(statSync(file));
    const bytes = readFileSync(file);
    inputs.set(path, [path, bytes.length, ...stamp, hashOf(bytes)]);
    return bytes;
  };
  for (const name of settings) read(join(folder, name));
  const loaders = { '.ts': 'ts', '.json': 'json' };
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: entries,
    inject: ['scripts/lib/source-lines.mjs'],
    // Maps name sources from there, wherever it is put.
    outdir: join(folder, 'bundle', 'program'),
    entryNames: '[name]',
    chunkNames: '[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: leftOut,
    legalComments: 'none',
    // Read when a stack is asked for; the texts themselves are not in them.
    sourcemap: 'external',
    sourcesContent: false,
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'inputs',
        setup: ({ onLoad }) =>
          onLoad({ filter: /.*/ }, ({ path }) => ({
            contents: read(path),
            loader: loaders[extname(path)] ?? 'js',
          })),
      },
    ],
  });
  for (const { path, text } of outputFiles) writeFileSync(join(target, basename(path)), withRequire(text));
  // In node_modules no package.json above counts: without one of its own Node reads each file twice to find what kind it is.
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }\n');
  return [...inputs.values()].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Packages of the older kind ask for Node's own modules by `require`, which modules of the newer kind do not have. */
function withRequire(text) {
  if (!text.includes('typeof require')) return text;
  // No line more, or stacks would point to the wrong one.
  return `import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);${text}`;
}

/** Processes that run load parts of their bundle later: the last ones stay, and those of the last two days. */
function removeOld(modules, current) {
  const found = readdirSync(modules)
    .filter((name) => /^\.rota-(?:[0-9a-f]{32}|making-.*)$/.test(name) && name !== current)
    .map((name) => ({ name, timeMs: statSync(join(modules, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.timeMs - a.timeMs);
  for (const { name, timeMs } of found.slice(keptAnyway - 1)) {
    if (Date.now() - timeMs > oldMs) rmSync(join(modules, name), { recursive: true, force: true });
  }
}

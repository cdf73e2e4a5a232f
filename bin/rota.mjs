#!/usr/bin/env node
// Plain JavaScript for Node 18 and later: Rota itself needs a newer one, which this finds.
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { programFile } from '../scripts/lib/bundle.mjs';
import { findNode, main, projectFolder, run } from '../scripts/lib/runtime.mjs';

// Dumping makes many short-lived buffers: a small young generation saves 80 MB without costing time, and on few cores
// the collector's helper threads only take them from those who render. V8 takes both at its start only.
const flags = ['--max-semi-space-size=4', '--single-threaded-gc'];

await main(async () => {
  const node = findNode();
  const entry = programFile();
  keepCompiled();
  giveLargeMemoryBack();
  const args = [...flags, entry, ...process.argv.slice(2)];
  if (node !== process.execPath) return run(node, args);
  replaceProcess(node, args);
  // Where that is not possible (Windows, an older 24): in this process, without the flags.
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
  return process.exitCode ?? 0;
});

// Halves the time to start (stripping types and compiling are half a second of CPU). In the project's own folder, not
// in the shared temporary one, where someone else could put code; where it cannot be written there is none. The
// variable is for the threads.
function keepCompiled() {
  if (process.env.NODE_COMPILE_CACHE !== undefined) return;
  const folder = join(projectFolder, 'node_modules', '.cache', 'rota');
  process.env.NODE_COMPILE_CACHE = folder;
  module.enableCompileCache?.(folder);
}

// Bundles of some megabytes come and go in several threads. glibc takes memory of that size from the system each time until
// the first is given back, and from then on keeps it in heaps that it cannot shrink, unless it is told a limit (ADR 61).
function giveLargeMemoryBack() {
  process.env.MALLOC_MMAP_THRESHOLD_ ??= String(1 << 20);
}

// The same process begins again with V8's flags: 30 ms, and no second process that signals could miss.
function replaceProcess(node, args) {
  if (typeof process.execve !== 'function' || process.platform === 'win32') return;
  // It is experimental, and says so on standard error.
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    process.execve(node, [node, ...args], process.env);
  } catch {
    process.emitWarning = emitWarning;
  }
}

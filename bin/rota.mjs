#!/usr/bin/env node
// Plain JavaScript for Node 18 and later: Rota itself needs a newer one, which this finds.
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findNode, main, projectFolder, run } from '../scripts/lib/runtime.mjs';

const entry = join(projectFolder, 'src', 'cli', 'main.ts');

await main(async () => {
  const node = findNode();
  // A process of its own even on the right Node costs 40 ms; it is saved by importing.
  if (node !== process.execPath) return run(node, [entry, ...process.argv.slice(2)]);
  keepCompiled();
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

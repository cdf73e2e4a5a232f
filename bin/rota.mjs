#!/usr/bin/env node
// Plain JavaScript for Node 18 and later: Rota itself needs a newer one, which this finds.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findNode, main, projectFolder, run } from '../scripts/lib/runtime.mjs';

const entry = join(projectFolder, 'src', 'cli', 'main.ts');

await main(async () => {
  const node = findNode();
  // A process of its own even on the right Node costs 40 ms; it is saved by importing.
  if (node !== process.execPath) return run(node, [entry, ...process.argv.slice(2)]);
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
  return process.exitCode ?? 0;
});

// `npm run docs`: makes the pages of docs/reference/ that come from the code.
import { mkdirSync, writeFileSync } from 'node:fs';
import { generatedPages } from '../src/cli/reference/pages.ts';

const folder = new URL('../docs/reference/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, make] of Object.entries(generatedPages)) {
  writeFileSync(new URL(name, folder), make());
  process.stdout.write(`docs/reference/${name}\n`);
}

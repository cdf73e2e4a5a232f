// `npm run docs`: makes the pages of docs/ that come from the code.
import { mkdirSync, writeFileSync } from 'node:fs';
import { generatedPages } from '../src/cli/reference/pages.ts';

const folder = new URL('../docs/', import.meta.url);
for (const [name, make] of Object.entries(generatedPages)) {
  mkdirSync(new URL('.', new URL(name, folder)), { recursive: true });
  writeFileSync(new URL(name, folder), make());
  process.stdout.write(`docs/${name}\n`);
}

// `npm run bundle`: puts the program into few files, which start faster. `npm start` and `npm test` do it by themselves.
import { ensureBundle } from './lib/make-bundle.mjs';
import { main, projectFolder } from './lib/runtime.mjs';

await main(async () => {
  const say = (line) => process.stderr.write(`rota: ${line}\n`);
  const bundle = await ensureBundle(projectFolder, say, { anew: true });
  if (bundle !== null) process.stdout.write(`${bundle}\n`);
  return bundle === null ? 1 : 0;
});

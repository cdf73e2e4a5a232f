// `npm start`: installs what is missing, then runs the demonstration farm (`rota demo`; arguments are passed through).
import { programFile } from './lib/bundle.mjs';
import { ensureBundle } from './lib/make-bundle.mjs';
import { main, prepare, projectFolder, run } from './lib/runtime.mjs';

await main(async () => {
  const { node } = prepare();
  await ensureBundle(projectFolder, (line) => process.stderr.write(`rota: ${line}\n`));
  return await run(node, [programFile(), 'demo', ...process.argv.slice(2)]);
});

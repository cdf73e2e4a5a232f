// `npm start`: installs what is missing, then runs the demonstration farm (`rota demo`; arguments are passed through).
import { join } from 'node:path';
import { main, prepare, projectFolder, run } from './lib/runtime.mjs';

await main(() => {
  const { node } = prepare();
  return run(node, [join(projectFolder, 'src', 'cli', 'main.ts'), 'demo', ...process.argv.slice(2)]);
});

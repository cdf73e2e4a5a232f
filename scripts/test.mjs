// `npm test`: installs what is missing, finds a Node that Rota runs on, and leaves the rest to the test runner in it.
import { join } from 'node:path';
import { main, prepare, projectFolder, run } from './lib/runtime.mjs';

await main(async () => {
  const { node } = prepare();
  const runner = join(projectFolder, 'test', 'support', 'runner', 'main.ts');
  return await run(node, [runner, ...process.argv.slice(2)], { cwd: projectFolder });
});

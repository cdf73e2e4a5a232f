// `npm test`: installs what is missing, finds a Node that Rota runs on, and leaves the rest to the test runner in it.
import { join } from 'node:path';
import { ensureBundle } from './lib/make-bundle.mjs';
import { main, prepare, projectFolder, run } from './lib/runtime.mjs';

await main(async () => {
  const { node } = prepare();
  // What tests start as users do starts as it does for users, and faster; a bundle that has grown stale is not used.
  await ensureBundle(projectFolder, (line) => process.stderr.write(`${line}\n`));
  const runner = join(projectFolder, 'test', 'support', 'runner', 'main.ts');
  return await run(node, [runner, ...process.argv.slice(2)], { cwd: projectFolder });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');

test('bin/rota.mjs runs the program and gives its exit status', async () => {
  const rota = spawn(process.execPath, [join(root, 'bin', 'rota.mjs'), 'explain', 'nothing-of-the-kind']);
  let stderr = '';
  rota.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = await once(rota, 'close');
  assert.equal(status, 2);
  assert.match(stderr, /^rota: USAGE: /);
});

test('signals reach the program that the launcher started, and its end is the end of the launcher', async () => {
  const child = `process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log('ready');`;
  const launcher = `import { main, run } from ${JSON.stringify(join(root, 'scripts', 'lib', 'runtime.mjs'))};
    await main(() => run(process.execPath, ['-e', ${JSON.stringify(child)}]));`;
  const started = spawn(process.execPath, ['--input-type=module', '-e', launcher]);
  await once(started.stdout, 'data');
  started.kill('SIGTERM');
  const [status] = await once(started, 'close');
  assert.equal(status, 7);
});

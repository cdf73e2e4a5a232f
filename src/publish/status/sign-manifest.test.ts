import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { signFile } from './sign-manifest.ts';

test('a manifest is signed so that ssh-keygen verifies it, again and again', async (t) => {
  await using folder = await temporaryFolder();
  const key = join(folder.path, 'key');
  const made = await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', key], {
    reject: false,
  });
  if (made.failed) {
    t.skip('ssh-keygen is not installed');
    return;
  }
  const manifest = join(folder.path, 'manifest.json');
  await writeFile(manifest, '{}\n');
  await signFile(manifest, key);
  const signature = await signFile(manifest, key);
  const signers = join(folder.path, 'signers');
  await writeFile(signers, `farm ${await readFile(`${key}.pub`, 'utf8')}`);
  const verify = ['-Y', 'verify', '-f', signers, '-I', 'farm', '-n', 'rota-manifest', '-s', signature];
  await execa('ssh-keygen', verify, { input: '{}\n' });
  await assert.rejects(execa('ssh-keygen', verify, { input: '{ }\n' }));
});

test('a key that is missing is said so', async () => {
  await using folder = await temporaryFolder();
  const manifest = join(folder.path, 'manifest.json');
  await writeFile(manifest, '{}\n');
  await assert.rejects(signFile(manifest, join(folder.path, 'no-key')), { code: 'SIGNING_FAILED' });
});

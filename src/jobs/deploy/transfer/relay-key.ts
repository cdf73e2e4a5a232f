import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RelayKey } from '../target/programs/relay.ts';

/** A key for one deployment. It is on this machine's disk only while it is made. */
export async function makeRelayKey(workspace: string): Promise<RelayKey> {
  const folder = await mkdtemp(join(workspace, 'relay-'));
  try {
    const file = join(folder, 'key');
    const { execa } = await import('execa');
    const made = await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file], {
      reject: false,
      stdin: 'ignore',
    });
    if (made.exitCode !== 0)
      throw new RotaError('PROGRAM_MISSING', `ssh-keygen made no key for relays: ${made.stderr}`);
    const [privateKey, publicKey] = await Promise.all([readFile(file), readFile(`${file}.pub`, 'utf8')]);
    return { privateKey, publicKey: publicKey.trim().split(' ').slice(0, 2).join(' ') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

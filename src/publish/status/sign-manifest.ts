import { rm } from 'node:fs/promises';
import { RotaError } from '../../core/errors/rota-error.ts';

/** What a signature is for; `ssh-keygen -Y verify -n rota-manifest` asks for the same word. */
const namespace = 'rota-manifest';

/**
 * Signs a file with an SSH key: `<path>.sig` beside it, replacing an older one. The key has no passphrase or is in the
 * agent; the program must be `ssh-keygen` of OpenSSH 8.1 or later.
 */
export async function signFile(path: string, keyFile: string, signal?: AbortSignal): Promise<string> {
  const signature = `${path}.sig`;
  try {
    // ssh-keygen asks before it overwrites, and there is nobody to answer.
    await rm(signature, { force: true });
    // A tenth of a second to load, and few farms sign.
    const { execa } = await import('execa');
    await execa('ssh-keygen', ['-q', '-Y', 'sign', '-f', keyFile, '-n', namespace, path], {
      stdin: 'ignore',
      timeout: 30_000,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    });
    return signature;
  } catch (error) {
    const reason =
      error instanceof Error && 'shortMessage' in error ? String(error.shortMessage) : String(error);
    throw new RotaError(
      'SIGNING_FAILED',
      `Cannot sign ${path} with ${keyFile} (${reason}); check that ssh-keygen is installed and the key readable and without a passphrase`,
      { cause: error, facts: { path, keyFile } },
    );
  }
}

import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { findProgram, isPresent, packagesFor, requirementNames } from '../requirements.ts';

const policyFile = '/usr/sbin/policy-rc.d';

/** Installs Debian's packages for what the tests need and is not there. Nothing is done when all is there. */
export async function installPackages(say: (line: string) => void): Promise<void> {
  const missing = requirementNames.filter((name) => !isPresent(name));
  if (missing.length === 0) return;
  const apt = findProgram('apt-get');
  if (apt === undefined || process.getuid?.() !== 0) {
    say('ROTA_APT=1 does nothing here: it needs root and apt-get.');
    return;
  }
  const packages = packagesFor(missing);
  say(`installing ${packages.join(' ')} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Answer 101 ("not allowed") keeps the packages from starting services of their own.
  const ownPolicy = !existsSync(policyFile);
  if (ownPolicy) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await execa(apt, ['update', '-q'], { env, stdin: 'ignore' });
    await execa(apt, ['install', '-y', '-q', '--no-install-recommends', ...packages], {
      env,
      stdin: 'ignore',
    });
  } finally {
    if (ownPolicy) rmSync(policyFile, { force: true });
  }
}

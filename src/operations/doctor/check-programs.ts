import type { FarmConfig } from '../../config/farm-config.ts';
import { findProgram, type ProgramNeed } from '../../export/containers/program.ts';
import { archives } from '../../jobs/full-dump/content/lanes.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const area = 'programs';

/** The programs that this farm's configuration needs, and those that would make it better. */
export async function checkPrograms(
  config: FarmConfig | null,
  searchPath: string,
): Promise<readonly Finding[]> {
  const wikis = [...(config?.wikis.values() ?? [])];
  const needsBz2 = wikis.some(({ fullDump: { compression } }) =>
    [compression.articles, compression.current, compression.history].some((formats) =>
      formats.includes('bz2'),
    ),
  );
  const needsTables = wikis.some(
    (wiki) => wiki.database.kind === 'mysql' && wiki.fullDump.outputs.includes('tables'),
  );
  const path = async (names: readonly string[]) => {
    const need: ProgramNeed = { names, purpose: 'here', install: names.join(' or ') };
    return (await findProgram(need, searchPath).catch(() => null))?.path ?? null;
  };
  const findings: Finding[] = [];
  const lbzip2 = await path(['lbzip2']);
  const bzip2 = lbzip2 ?? (await path(['bzip2']));
  if (lbzip2 !== null) findings.push(ok(area, `bz2 files are written with ${lbzip2}`));
  else if (bzip2 !== null) {
    findings.push(
      warning(
        area,
        'PROGRAM_SLOW',
        `bz2 files are written with ${bzip2} on one core a file`,
        'Install lbzip2.',
      ),
    );
  } else if (needsBz2) {
    const remedy = 'Install lbzip2 (or bzip2), or set compression to zst.';
    findings.push(
      fault(
        area,
        'PROGRAM_MISSING',
        'neither lbzip2 nor bzip2 is installed, and bz2 files are asked for',
        remedy,
      ),
    );
  } else findings.push(ok(area, 'neither lbzip2 nor bzip2 is installed; no bz2 file is asked for'));

  const dump = await path(['mariadb-dump', 'mysqldump']);
  if (dump !== null) findings.push(ok(area, `tables are dumped with ${dump}`));
  else if (needsTables) {
    const remedy = 'Install mariadb-client, or leave tables out of jobs.full-dump.outputs.';
    findings.push(
      fault(area, 'PROGRAM_MISSING', 'mariadb-dump is not installed, and tables are asked for', remedy),
    );
  }

  const signer = await path(['ssh-keygen']);
  if (config?.signingKey != null) {
    findings.push(
      signer === null
        ? fault(
            area,
            'PROGRAM_MISSING',
            'ssh-keygen is not installed, and manifests are to be signed',
            'Install openssh-client.',
          )
        : ok(area, `manifests are signed with ${signer}`),
    );
  }
  findings.push(...(await checkDeploying(config, path)));
  const needsSevenZip = wikis.some(({ fullDump }) => archives(fullDump).length > 0);
  const sevenZip = await path(['7zz', '7z', '7za', '7zr']);
  if (sevenZip === null && needsSevenZip) {
    const remedy = 'Install 7zip (or p7zip-full), or take 7z out of compression.history.';
    findings.push(
      fault(area, 'PROGRAM_MISSING', '7-Zip is not installed, and 7z files are asked for', remedy),
    );
  } else if (needsSevenZip) findings.push(ok(area, `7z files are written with ${sevenZip}`));
  else findings.push(ok(area, present('7zz', sevenZip, 'only to read .7z files of others')));
  findings.push(ok(area, present('zstd', await path(['zstd']), 'only for looking into .zst files by hand')));
  return findings;
}

/** git makes versions and brings scope files; ssh reaches hosts. */
async function checkDeploying(
  config: FarmConfig | null,
  path: (names: readonly string[]) => Promise<string | null>,
): Promise<readonly Finding[]> {
  const environments = [...(config?.environments.values() ?? [])];
  const needs = [
    { name: 'git', isNeeded: environments.length > 0, use: 'code is to be deployed', install: 'git' },
    {
      name: 'git',
      isNeeded: environments.length === 0 && config?.scopeFiles?.pull === true,
      use: 'scope files are to be pulled',
      install: 'git',
    },
    {
      name: 'ssh',
      isNeeded: environments.some(({ hosts }) => hosts.some(({ address }) => address.kind === 'ssh')),
      use: 'hosts are reached by it',
      install: 'openssh-client',
    },
    {
      name: 'rsync',
      isNeeded: environments.some(({ holds }) => holds === 'files'),
      use: 'an environment has transport: rsync',
      install: 'rsync',
    },
  ];
  const findings: Finding[] = [];
  for (const { name, isNeeded, use, install } of needs) {
    if (!isNeeded) continue;
    const found = await path([name]);
    findings.push(
      found === null
        ? fault(area, 'PROGRAM_MISSING', `${name} is not installed, and ${use}`, `Install ${install}.`)
        : ok(area, `${found} (${use})`),
    );
  }
  return findings;
}

function present(name: string, found: string | null, use: string): string {
  return found === null ? `${name} is not installed (${use})` : `${found} (${use})`;
}

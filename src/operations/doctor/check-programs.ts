import type { FarmConfig } from '../../config/farm-config.ts';
import { findProgram, type ProgramNeed } from '../../export/containers/program.ts';
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
    findings.push(warning(area, `bz2 files are written with ${bzip2} on one core a file`, 'Install lbzip2.'));
  } else if (needsBz2) {
    const remedy = 'Install lbzip2 (or bzip2), or set compression to zst.';
    findings.push(fault(area, 'neither lbzip2 nor bzip2 is installed, and bz2 files are asked for', remedy));
  } else findings.push(ok(area, 'neither lbzip2 nor bzip2 is installed; no bz2 file is asked for'));

  const dump = await path(['mariadb-dump', 'mysqldump']);
  if (dump !== null) findings.push(ok(area, `tables are dumped with ${dump}`));
  else if (needsTables) {
    const remedy = 'Install mariadb-client, or leave tables out of jobs.full-dump.outputs.';
    findings.push(fault(area, 'mariadb-dump is not installed, and tables are asked for', remedy));
  }

  const signer = await path(['ssh-keygen']);
  if (config?.signingKey != null) {
    findings.push(
      signer === null
        ? fault(
            area,
            'ssh-keygen is not installed, and manifests are to be signed',
            'Install openssh-client.',
          )
        : ok(area, `manifests are signed with ${signer}`),
    );
  }
  for (const [names, use] of [
    [['zstd'], 'only for looking into .zst files by hand'],
    [['7zz', '7z', '7za'], 'only to read .7z files of others'],
  ] as const) {
    const found = await path(names);
    findings.push(ok(area, found === null ? `${names[0]} is not installed (${use})` : `${found} (${use})`));
  }
  return findings;
}

import { access } from 'node:fs/promises';
import type { FarmConfig } from './farm-config.ts';

/** A file that the configuration names and that does not exist (yet). */
export interface MissingFile {
  /** `the database of frwiki`. */
  readonly what: string;
  readonly path: string;
}

/** Files that a run would miss. Their absence is no fault of rota.yaml: they may come later. */
export async function missingFiles(config: FarmConfig): Promise<readonly MissingFile[]> {
  const named: MissingFile[] = [];
  for (const wiki of config.wikis.values()) {
    if (wiki.database.kind === 'sqlite') {
      named.push({ what: `the database of ${wiki.name}`, path: wiki.database.file });
    }
    if (wiki.siteInfo.kind === 'file')
      named.push({ what: `the siteinfo of ${wiki.name}`, path: wiki.siteInfo.file });
    if (wiki.imagesFolder !== null)
      named.push({ what: `the images of ${wiki.name}`, path: wiki.imagesFolder });
  }
  if (config.signingKey !== null) named.push({ what: 'the signing key', path: config.signingKey });
  const present = await Promise.all(named.map(({ path }) => exists(path)));
  return named.filter((_, i) => present[i] === false);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

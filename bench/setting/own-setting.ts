import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testBed } from '../../test/support/bed.ts';
import { sql } from '../../test/support/database.ts';
import { writeFarm } from '../../test/support/mediawiki/farm.ts';
import { createMediaWiki, type TestWiki } from '../../test/support/mediawiki/wiki.ts';
import { mediawikiFolder, program } from '../../test/support/requirements.ts';
import { runRota } from '../../test/support/rota.ts';
import { openBed } from '../../test/support/runner/open-bed.ts';
import { cpuSecondsOf, processTree } from '../measure/process-tree.ts';
import type { BenchWiki, Setting } from './setting.ts';

const project = join(import.meta.dirname, '..', '..');

/** Everything stays in the server's memory: what is measured is work, not the disk. */
const bufferPoolBytes = 3 * 1024 ** 3;

/** Of a text in a wiki whose name begins with "small": what most pages of a real wiki have. */
const smallBytes = 3000;

/**
 * A MariaDB and MediaWikis of the tests' own, filled by `rota demo wiki`. Names are such as `bench50k`: so many
 * revisions, or `small50k`: as many with short texts.
 */
export async function ownSetting(names: readonly string[], say: (text: string) => void): Promise<Setting> {
  // As `npm start` leaves it: what is measured starts from the bundle.
  const { ensureBundle } = await import(join(project, 'scripts', 'lib', 'make-bundle.mjs'));
  await ensureBundle(project, say);
  const stack = new AsyncDisposableStack();
  try {
    stack.use(await openBed());
    const bed = testBed();
    const scratchFolder = mkdtempSync(join(tmpdir(), 'rota-bench-'));
    stack.defer(() => rmSync(scratchFolder, { recursive: true, force: true }));
    await sql(bed.mariadb, 'mysql', `SET GLOBAL innodb_buffer_pool_size = ${bufferPoolBytes}`);
    const passwordFile = join(scratchFolder, 'writer');
    writeFileSync(passwordFile, bed.mariadb.writer.password, { mode: 0o600 });
    const wikis: TestWiki[] = [];
    for (const name of names) {
      const revisions = revisionsOf(name);
      say(`making ${name}: ${revisions} revisions …`);
      const wiki = stack.use(await createMediaWiki(name, { compress: true }));
      wikis.push(wiki);
      const address = `mysql://${bed.mariadb.writer.user}@localhost/${name}?socket=${encodeURIComponent(bed.mariadb.socket)}`;
      const made = await runRota(
        [
          ...['demo', 'wiki', address, '--replace', '--password-file', passwordFile, '--name', name],
          ...['--revisions', String(revisions), '--pages', String(Math.ceil(revisions * 0.08))],
          ...(name.startsWith('small') ? ['--mean-bytes', String(smallBytes)] : []),
        ],
        { cwd: scratchFolder, timeoutMs: 30 * 60_000 },
      );
      if (made.status !== 0) throw new Error(`rota demo wiki ended with ${made.status}: ${made.stderr}`);
    }
    const farm = await writeFarm(join(scratchFolder, 'farm'), wikis);
    const { user, password } = bed.mariadb.reader;
    return {
      farmFolder: farm.folder,
      serverPid: serverOf(bed.folder),
      wikis: wikis.map(
        (wiki): BenchWiki => ({
          name: wiki.database,
          maintenance: {
            program: program('php'),
            args: ['-d', 'memory_limit=2G', join(mediawikiFolder(), 'maintenance', '{script}.php')],
            env: { MW_INSTALL_PATH: mediawikiFolder(), MW_CONFIG_FILE: wiki.settingsFile },
          },
          clientOptions: [`--socket=${bed.mariadb.socket}`, `--user=${user}`, `--password=${password}`],
          database: wiki.database,
        }),
      ),
      scratchFolder,
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** `bench50k`: 50,000. */
export function revisionsOf(name: string): number {
  const [, count, thousands] = /(\d+)(k?)$/.exec(name) ?? [];
  if (count === undefined) throw new Error(`${name} does not say how many revisions: such as bench50k`);
  return Number(count) * (thousands === 'k' ? 1000 : 1);
}

/** The bed's server is a child of this process: the one that has worked most. */
function serverOf(folder: string): number {
  const [, ...descendants] = processTree(process.pid);
  const servers = descendants.filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return words.includes(folder) && words.includes('mariadbd');
    } catch {
      return false;
    }
  });
  servers.sort((a, b) => cpuSecondsOf(b) - cpuSecondsOf(a));
  const [server] = servers;
  if (server === undefined) throw new Error('the server of the test bed is not found');
  return server;
}

import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Finding, fault, faultOf, ok, warning } from './finding.ts';
import { writeDurably } from './write-durably.ts';

const area = 'shared folder';
/** NFS clients keep "there is no such file" for up to this long. */
const visibleWithinMs = 60_000;
const quickMs = 1_000;

/**
 * Tries with two processes, here or on two hosts, what workers ask of a shared tree: a file that one renames into place
 * is seen whole by the other, a rename happens once, and folders move with what is in them.
 */
export async function checkSharedFolder(
  folder: string,
  /** Of the other process, reached by ssh; both are here when left out. */
  host?: string,
): Promise<readonly Finding[]> {
  let place: string;
  try {
    if (!(await stat(folder)).isDirectory())
      return [fault(area, 'SHARED_FOLDER_UNFIT', `${folder} is no folder`, 'Name a folder.')];
    place = await mkdtemp(join(folder, '.rota-doctor-'));
  } catch (error) {
    return [
      fault(
        area,
        'SHARED_FOLDER_UNFIT',
        `nothing can be written in ${folder} (${String(error)})`,
        'Check its owner and its mount.',
      ),
    ];
  }
  const [command, args] = otherProcess(place, host);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const other = host === undefined ? 'another process' : host;
  const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
  failed.catch(() => {});
  // It may have ended before it is asked: the answer tells.
  child.stdin.on('error', () => {});
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask = async (order: string) => {
      child.stdin.write(`${order}\n`);
      const { done, value } = await Promise.race([lines.next(), failed]);
      if (done) throw new OtherEnded();
      return value;
    };
    return [
      await seenByOther(place, ask, other),
      await seenHere(place, ask, other),
      await renamedOnce(place),
      await movedWhole(place),
    ];
  } catch (error) {
    return [host !== undefined && error instanceof OtherEnded ? notReached(host) : faultOf(area, error)];
  } finally {
    child.stdin.end();
    child.kill('SIGTERM');
    await rm(place, { recursive: true, force: true, maxRetries: 3 });
  }
}

type Ask = (order: string) => Promise<string>;

class OtherEnded extends Error {
  constructor() {
    super('the other process ended');
  }
}

const script = fileURLToPath(new URL(`./shared-folder-child${extname(import.meta.url)}`, import.meta.url));

function otherProcess(place: string, host: string | undefined): readonly [string, readonly string[]] {
  const words = [process.execPath, script, place];
  if (host === undefined) return [process.execPath, words.slice(1)];
  // The host's shell reads the command; a host that begins with a dash would be an option without the two before it.
  const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return ['ssh', ['-o', 'BatchMode=yes', '--', host, command]];
}

function notReached(host: string): Finding {
  return fault(
    area,
    'SHARED_HOST_AWAY',
    `no second process could be had on ${host}, or it does not see the folder`,
    `Try \`ssh ${host} true\`, and see that Rota is installed at the same path there and the tree is mounted.`,
  );
}

/** The other process asks for the name before it exists: that is what a client may remember wrongly. */
async function seenByOther(place: string, ask: Ask, other: string): Promise<Finding> {
  const body = randomBytes(50_000).toString('hex');
  const sha256 = createHash('sha256').update(body).digest('hex');
  await ask(`see here ${sha256} 0`);
  await writeDurably(join(place, 'here'), body);
  const answer = await ask(`see here ${sha256} ${visibleWithinMs}`);
  const [, ms] = answer.split(' ');
  return answer === 'unseen' ? notSeen() : seen(`${other} sees a renamed file`, Number(ms));
}

async function seenHere(place: string, ask: Ask, other: string): Promise<Finding> {
  await ask('write there from-the-other');
  const startMs = performance.now();
  for (;;) {
    const body = await readFile(join(place, 'there'), 'utf8').catch(() => null);
    const waitedMs = performance.now() - startMs;
    if (body === 'from-the-other') return seen(`this process sees what ${other} renamed`, waitedMs);
    if (waitedMs > visibleWithinMs) return notSeen();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function seen(what: string, ms: number): Finding {
  const text = `${what} after ${(ms / 1000).toFixed(1)} s`;
  return ms <= quickMs
    ? ok(area, text)
    : warning(
        area,
        'SHARED_FOLDER_SLOW',
        text,
        'Mount it with a shorter acdirmax, or with lookupcache=positive.',
      );
}

function notSeen(): Finding {
  return fault(
    area,
    'SHARED_FOLDER_UNFIT',
    `a renamed file is not seen within ${visibleWithinMs / 1000} s`,
    'This is no shared POSIX file system: mount NFS 4.1 hard, with lookupcache=positive.',
  );
}

/** Of many who rename the same file exactly one may succeed. */
async function renamedOnce(place: string): Promise<Finding> {
  await writeDurably(join(place, 'once'), 'x');
  const tries = Array.from({ length: 8 }, (_, i) => rename(join(place, 'once'), join(place, `taken-${i}`)));
  const won = (await Promise.allSettled(tries)).filter((result) => result.status === 'fulfilled').length;
  return won === 1
    ? ok(area, 'a file can be renamed away only once')
    : fault(
        area,
        'SHARED_FOLDER_UNFIT',
        `${won} of 8 renames of one file succeeded`,
        'Do not put trees on this file system.',
      );
}

async function movedWhole(place: string): Promise<Finding> {
  const folder = await mkdtemp(join(place, 'folder-'));
  await writeDurably(join(folder, 'inside'), 'x');
  await rename(folder, join(place, 'moved'));
  const names = await readdir(join(place, 'moved'));
  return names.length === 1 && names[0] === 'inside'
    ? ok(area, 'a folder moves with what is in it')
    : fault(
        area,
        'SHARED_FOLDER_UNFIT',
        `a renamed folder holds ${names.join(', ') || 'nothing'}`,
        'Do not put trees on this file system.',
      );
}

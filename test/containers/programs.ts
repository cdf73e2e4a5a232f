import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const searchPath = process.env.PATH ?? '';

export function pathOf(program: string): string | null {
  for (const folder of searchPath.split(delimiter)) {
    try {
      const path = join(folder, program);
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** 7-Zip is called by several names. */
export const sevenZip = ['7zz', '7z', '7za'].find((name) => pathOf(name) !== null) ?? '7zz';

/** The reason to skip a test, or false when every program is there. */
export function missing(...programs: string[]): string | false {
  const lacking = programs.filter((program) => pathOf(program) === null);
  return lacking.length === 0 ? false : `needs ${lacking.join(', ')}`;
}

export function run(program: string, args: readonly string[], input: Buffer): Buffer {
  return execFileSync(program, args, { input, maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'pipe'] });
}

export function exitStatus(program: string, args: readonly string[], input: Buffer): number | null {
  return spawnSync(program, args, { input, maxBuffer: 1 << 30 }).status;
}

/** The first bz2 stream only, as many programs read it, and whether it was all of the input. */
export function readFirstStream(file: string): { readonly raw: Buffer; readonly isAll: boolean } {
  const script =
    'import bz2,sys;d=bz2.BZ2Decompressor();o=d.decompress(open(sys.argv[1],"rb").read());' +
    'sys.stdout.buffer.write(b"1" if d.eof and not d.unused_data else b"0");sys.stdout.buffer.write(o)';
  const out = execFileSync('python3', ['-c', script, file], { maxBuffer: 1 << 30 });
  return { raw: out.subarray(1), isAll: out[0] === 0x31 };
}

/** Processes of a program that this process started and that still run. */
export function childrenNamed(name: string): number {
  const path = `/proc/${process.pid}/task/${process.pid}/children`;
  const pids = readFileSync(path, 'utf8').split(' ').filter(Boolean);
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name;
    } catch {
      return false;
    }
  }).length;
}

/** Text like that of a wiki: words in a random order, always the same for a seed. */
export function wikiText(bytes: number, seed: number): Buffer {
  const words = [
    'the',
    'page',
    'revision',
    '[[Category:Island]]',
    'was',
    "'''bold'''",
    '&lt;ref&gt;',
    'νησί',
    'in',
    '1821,',
  ];
  const out: string[] = [];
  let state = seed + 1;
  let length = 0;
  while (length < bytes) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const word = `${words[(state >>> 8) % words.length]}${(state >>> 16) % 7 === 0 ? state % 997 : ''} `;
    out.push(word);
    length += Buffer.byteLength(word);
  }
  return Buffer.from(out.join('')).subarray(0, bytes);
}

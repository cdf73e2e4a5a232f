import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuSecondsOfEndedChildren } from '../measure/process-tree.ts';

const project = join(import.meta.dirname, '..', '..');
const entry = join(project, 'bin', 'rota.mjs');

export interface DumpCost {
  readonly wallSeconds: number;
  /** Of the dump's processes, all threads and programs. */
  readonly cpuSeconds: number;
  /** What the main thread spent in src/control, by its profile. */
  readonly controlSeconds: number;
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** A full dump of a generated wiki in SQLite, with the main thread's profile: no server is needed. */
export function costInDump(revisions: number): DumpCost {
  const folder = mkdtempSync(join(tmpdir(), 'rota-cost-'));
  try {
    const rota = (flags: readonly string[], ...args: readonly string[]) =>
      execFileSync(process.execPath, [...flags, entry, ...args], {
        cwd: folder,
        stdio: 'ignore',
        // Rooms are told by the paths of sources, which a bundle has no more.
        env: { ...process.env, ROTA_FROM_SOURCES: '1' },
      });
    const size = ['--revisions', String(revisions), '--pages', String(Math.ceil(revisions * 0.08))];
    rota([], 'demo', 'wiki', 'wiki.sqlite', ...size, '--name', 'wiki', '--siteinfo', 'siteinfo.json');
    writeFileSync(
      join(folder, 'rota.yaml'),
      'output: { public: public, private: private }\nstore: sqlite:rota.db\n' +
        'wikis: { wiki: { database: "sqlite:wiki.sqlite", siteinfo: siteinfo.json } }\njobs: { full-dump: {} }\n',
    );
    const cpuBefore = cpuSecondsOfEndedChildren();
    const startedMs = performance.now();
    rota(['--cpu-prof', '--cpu-prof-dir=profiles'], 'dump', 'wiki');
    return {
      wallSeconds: (performance.now() - startedMs) / 1000,
      cpuSeconds: cpuSecondsOfEndedChildren() - cpuBefore,
      controlSeconds: controlSeconds(join(folder, 'profiles')),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whatever was called from src/control, until another folder of src is entered. */
function controlSeconds(folder: string): number {
  // CPU.<date>.<time>.<pid>.<thread>.<number>.cpuprofile; the main thread is 0.
  const file = readdirSync(folder).find((name) => name.split('.')[4] === '0');
  if (file === undefined) throw new Error('the dump has left no profile');
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const ofControl = new Set<number>();
  const visit = (id: number, above: boolean): void => {
    const node = byId.get(id);
    if (node === undefined) return;
    const { url, functionName } = node.callFrame;
    const room = /\/src\/([^/]+)\//.exec(url)?.[1];
    const inside = functionName !== '(idle)' && (room === undefined ? above : room === 'control');
    if (inside) ofControl.add(id);
    for (const child of node.children ?? []) visit(child, inside);
  };
  const [root] = profile.nodes;
  if (root !== undefined) visit(root.id, false);
  let microseconds = 0;
  profile.samples.forEach((id, index) => {
    if (ofControl.has(id)) microseconds += profile.timeDeltas[index] ?? 0;
  });
  return microseconds / 1e6;
}

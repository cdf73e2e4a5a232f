import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseDocument } from 'yaml';
import { makeOperationsFarm, type OperationsFarm } from '../operations/operations-farm.ts';
import { type RotaResult, runRota, signalTree, startRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

export const publicWiki = 'openwiki';
export const privateWiki = 'secretwiki';
export const date = '20260101';

export interface WebFarm extends AsyncDisposable {
  readonly folder: TemporaryFolder;
  readonly farm: OperationsFarm;
  rota(...args: readonly string[]): Promise<RotaResult>;
  token(name: string, role: string): Promise<string>;
}

/** A farm with a public and a private wiki, each dumped once. */
export async function makeWebFarm(): Promise<WebFarm> {
  const folder = await temporaryFolder('web');
  const farm = await makeOperationsFarm(folder.path, [publicWiki, privateWiki], {
    farm: { name: 'Farm <b>& "sons"' },
  });
  const config = parseDocument(await readFile(folder.in('rota.yaml'), 'utf8'));
  config.setIn(['wikis', privateWiki, 'private'], true);
  await writeFile(folder.in('rota.yaml'), config.toString());
  const rota = (...args: readonly string[]) => runRota(args, { cwd: folder.path });
  for (const wiki of [publicWiki, privateWiki]) {
    const dumped = await rota('dump', wiki, '--date', date);
    assert.equal(dumped.status, 0, dumped.stderr);
  }
  const swept = await rota('monitor', '--once');
  assert.equal(swept.status, 0, swept.stderr);
  return {
    folder,
    farm,
    rota,
    token: async (name, role) => {
      const made = await rota('token', 'add', name, '--role', role);
      assert.equal(made.status, 0, made.stderr);
      return made.stdout.toString().trim();
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

export interface RunningWeb extends AsyncDisposable {
  /** `http://127.0.0.1:40123` */
  readonly address: string;
  readonly port: number;
  readonly pid: number;
  /** A GET; redirects are not followed. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  post(
    path: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
}

/** `rota serve` on a free port of the loopback. */
export async function serveWeb(folder: string, ...args: readonly string[]): Promise<RunningWeb> {
  const child = startRota(['serve', '--json', '--listen', '127.0.0.1:0', ...args], {
    cwd: folder,
    timeoutMs: 600_000,
  });
  assert.ok(child.stdout);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) throw new Error(`rota serve ended: ${Buffer.from((await child).stderr ?? []).toString()}`);
  const { address } = JSON.parse(first.value) as { readonly address: string };
  return {
    address,
    port: Number(new URL(address).port),
    pid: child.pid ?? 0,
    get: (path, headers = {}) => fetch(`${address}${path}`, { headers, redirect: 'manual' }),
    post: (path, form, headers = {}) =>
      fetch(`${address}${path}`, {
        method: 'POST',
        headers,
        redirect: 'manual',
        body: new URLSearchParams(form),
      }),
    [Symbol.asyncDispose]: async () => {
      signalTree(child, 'SIGTERM');
      const timer = setTimeout(() => signalTree(child, 'SIGKILL'), 10_000);
      if (child.exitCode === null) await once(child, 'exit').catch(() => undefined);
      clearTimeout(timer);
      const { stderr } = await child;
      // Whatever was asked of it, nothing went wrong inside.
      assert.doesNotMatch(Buffer.from(stderr ?? []).toString(), /^ {4}at /m);
    },
  };
}

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');

/** Plain JavaScript without types of its own. */
interface BundleScripts {
  freshBundle(folder: string): string | null;
  programFile(folder: string, env?: NodeJS.ProcessEnv): string;
  ensureBundle(folder: string, say: (line: string) => void): Promise<string | null>;
}

describe('the bundle of a clone', () => {
  let folder: string;
  let scripts: BundleScripts;
  const said: string[] = [];
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const ensure = () => scripts.ensureBundle(folder, (line) => said.push(line));
  const output = (file: string) => execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim();

  before(async () => {
    scripts = {
      ...(await import(join(root, 'scripts', 'lib', 'bundle.mjs'))),
      ...(await import(join(root, 'scripts', 'lib', 'make-bundle.mjs'))),
    };
    folder = mkdtempSync(join(tmpdir(), 'rota-bundle-'));
    mkdirSync(join(folder, 'node_modules'));
    cpSync(join(root, 'scripts', 'lib'), join(folder, 'scripts', 'lib'), { recursive: true });
    write('package.json', '{ "type": "module" }');
    for (const name of ['package-lock.json', 'tsconfig.json', 'node_modules/.package-lock.json'])
      write(name, '{}');
    write('src/cli/main.ts', "import { word } from './word.ts';\nconsole.log(word as string);\n");
    write('src/cli/word.ts', "export const word = 'one';\n");
    for (const entry of ['dumping/threads/render', 'dumping/verify/scan'])
      write(`src/${entry}-thread.ts`, 'export {};');
    write('src/operations/doctor/shared-folder-child.ts', 'export {};');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is made once, is what is started, and can be left aside', async () => {
    assert.equal(scripts.programFile(folder, {}), join(folder, 'src/cli/main.ts'));
    const [one, other] = await Promise.all([ensure(), ensure()]);
    assert.ok(one !== null && one === other, said.join());
    assert.equal(await ensure(), one);
    assert.equal(scripts.programFile(folder, {}), join(one, 'main.js'));
    assert.equal(output(join(one, 'main.js')), 'one');
    assert.equal(scripts.programFile(folder, { ROTA_FROM_SOURCES: '1' }), join(folder, 'src/cli/main.ts'));
    const left = readdirSync(join(folder, 'node_modules')).filter((name) => name.startsWith('.rota-making'));
    assert.deepEqual(left, []);
  });

  it('is not started when a source is another one, though its size and time are the same', async () => {
    const old = await ensure();
    const source = join(folder, 'src/cli/word.ts');
    const { atime, mtime } = statSync(source);
    write('src/cli/word.ts', "export const word = 'two';\n");
    utimesSync(source, atime, mtime);
    assert.equal(scripts.programFile(folder, {}), join(folder, 'src/cli/main.ts'));
    const made = await ensure();
    assert.ok(made !== null && made !== old);
    assert.equal(output(join(made, 'main.js')), 'two');
    write('src/cli/word.ts', "export const word = 'three';\n");
    assert.equal(scripts.freshBundle(folder), null);
    // That of before is there still: it is found again, not made.
    write('src/cli/word.ts', "export const word = 'two';\n");
    assert.equal(await ensure(), made);
    assert.ok(old !== null && statSync(join(old, 'main.js')).isFile());
  });

  it('is still the one where only times have changed, and none where npm has changed packages', async () => {
    const made = await ensure();
    utimesSync(join(folder, 'src/cli/main.ts'), 1, 1);
    assert.equal(scripts.freshBundle(folder), made);
    write('node_modules/.package-lock.json', '{ }');
    assert.equal(scripts.freshBundle(folder), null);
  });

  it('names files and lines of the sources in stacks', async () => {
    write(
      'src/cli/word.ts',
      "export type Word = string;\n\nexport const word: Word = null ?? fail();\nfunction fail(): Word {\n  throw new Error('so');\n}\n",
    );
    const made = await ensure();
    const { stderr } = spawnSync(process.execPath, [join(made ?? '', 'main.js')], { encoding: 'utf8' });
    assert.match(stderr, /Error: so\n {4}at fail \(file:.*\/src\/cli\/word\.ts:5:9\)\n.*word\.ts:3:35/);
  });

  it('is done without where the folder cannot be written, sources have faults, or the note of it is strange', async () => {
    for (const note of ['', '{}', '{"folder":"x","inputs":[{}]}', '[]', 'null']) {
      write('node_modules/.rota-bundle.json', note);
      assert.equal(scripts.freshBundle(folder), null);
    }
    write('src/cli/word.ts', 'export const word = ;');
    said.length = 0;
    assert.equal(await ensure(), null);
    rmSync(join(folder, 'node_modules'), { recursive: true });
    assert.equal(await ensure(), null);
    assert.equal(said.length, 2);
    assert.match(said.join(), /^no bundle could be made \(/);
    assert.equal(scripts.programFile(folder, {}), join(folder, 'src/cli/main.ts'));
  });
});

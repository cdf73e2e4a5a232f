import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, readlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultTrackerOptions } from '../../src/demo/tracker/tracker-options.ts';
import { writeTrackerDump } from '../../src/demo/tracker/write-tracker-dump.ts';
import { runRota } from '../support/rota.ts';

const rotaYaml = `
output: { public: ./public, private: ./private }
wikis: {}
phabricator: { dump: ./tracker.dump, shrinkGuard: 10% }
scopes:
  web: { title: 'Web <b>&</b> "more" $(id)', rules: [{ rule: ProjectByID, title: Web, project: 100 }] }
  mobile: { title: Mobile, rules: [{ rule: ProjectByName, title: Mobile, match: Team Mobile }] }
`;

/** For farms whose processes are killed: what they held is free again soon. */
export const shortLease = 'lease: { duration: 5s, renewEvery: 1s }\n';

/** A farm with a tracker of 300 tasks and two scopes, in a folder. */
export class ReportFarm {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param more what else stands in its rota.yaml */
  static async make(folder: string, more = ''): Promise<ReportFarm> {
    await mkdir(folder);
    await writeFile(join(folder, 'rota.yaml'), rotaYaml + more);
    return new ReportFarm(folder);
  }

  in(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  home(scope: string): string {
    return this.in('public', 'reports', scope);
  }

  /** The dump that is made in the night after a day. */
  async dumpOf(day: string, tasks = 300): Promise<string> {
    const file = this.in('tracker.dump');
    const options = { ...defaultTrackerOptions, tasks, asOf: day, oddities: 0.2 };
    await writeTrackerDump(file, options, { signal: new AbortController().signal });
    await this.setTime(file, day);
    return file;
  }

  /** The same, and something is done to it: to a dump that is read as JSON. */
  async changedDumpOf(day: string, change: (dump: DumpJson) => void): Promise<void> {
    const file = await this.dumpOf(day);
    const dump: DumpJson = JSON.parse(await readFile(file, 'utf8'));
    change(dump);
    await writeFile(file, JSON.stringify(dump));
    await this.setTime(file, day);
  }

  async setTime(file: string, day: string): Promise<void> {
    const made = new Date(Date.parse(`${day}T00:00:00Z`) + 26 * 3_600_000);
    await utimes(file, made, made);
  }

  rota(...args: readonly string[]) {
    return runRota(args, { cwd: this.folder });
  }

  run(...args: readonly string[]) {
    return this.rota('report', 'run', ...args);
  }

  latest(scope: string): Promise<string> {
    return readlink(join(this.home(scope), 'latest'));
  }

  page(...names: readonly string[]): Promise<string> {
    return readFile(this.in('public', 'reports', ...names), 'utf8');
  }
}

/** Whatever a reader can come to is there and whole: each scope's newest report with all that it names, and the pages above. */
export async function assertNoHole(farm: ReportFarm): Promise<void> {
  const root = farm.in('public', 'reports');
  for (const scope of ['web', 'mobile']) {
    const report = JSON.parse(await farm.page(scope, 'latest', 'report.json'));
    const names = [
      'index.html',
      'data.html',
      ...report.files,
      ...report.figures.flatMap(({ name }: { name: string }) => [`charts/${name}.svg`, `data/${name}.csv`]),
    ];
    for (const name of names) await access(join(farm.home(scope), report.asOf, name));
    for (const name of (await readdir(farm.home(scope))).filter((day) => /^\d{4}-\d\d-\d\d$/.test(day))) {
      const { asOf } = JSON.parse(await farm.page(scope, name, 'report.json'));
      assert.equal(asOf, name);
    }
  }
  for (const [, link] of (await farm.page('index.html')).matchAll(/href="([^"#:]+)"/g)) {
    await access(join(root, link ?? ''));
  }
}

export interface DumpJson {
  readonly task: Record<string, { info: unknown[] }>;
  readonly project: { projects: unknown[][]; columns: unknown[][] };
}

/** The digest of every file of a folder, but for what tells when it was loaded. */
export async function digestOf(path: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const text = (await readFile(file, 'utf8')).replaceAll(
      /"loadedAt": "[^"]*"|\d{4}-\d\d-\d\dT[\d:.]+Z|loaded [^<]*/g,
      '',
    );
    if (entry.name === 'failed.json' || (file.endsWith('index.html') && entry.parentPath === path)) continue;
    found[file.slice(path.length)] = createHash('sha256').update(text).digest('hex');
  }
  return found;
}

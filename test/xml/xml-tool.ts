import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { type CommandResult, runRota } from '../../src/cli/testing.ts';

/** Runs `rota xml ARGS` in a folder, with the programs of this machine. */
export function xml(folder: string, ...args: readonly string[]): Promise<CommandResult> {
  return runRota(['xml', ...args], { cwd: folder, env: { PATH: process.env.PATH ?? '' } });
}

/** The same for a command that must end well and prints JSON: its lines. */
export async function xmlJson<Line>(folder: string, ...args: readonly string[]): Promise<Line[]> {
  const result = await xml(folder, ...args, '--json');
  assert.equal(result.status, 0, result.stderr);
  return result.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** What a program writes to standard output. */
export function outputOf(program: string, args: readonly string[]): Buffer {
  return execFileSync(program, args, { maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] });
}

export interface PlainPage {
  readonly id: number;
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly revisions: readonly number[];
}

/** A plain scan by regular expressions, which shares nothing with the scanner; offsets in characters of latin1. */
export function plainScan(content: Buffer): readonly PlainPage[] {
  const text = content.toString('latin1');
  return [...text.matchAll(/ {2}<page>\n([\s\S]*?)<\/page>\n/g)].map((match) => {
    const [page] = match;
    const revisions = [...page.matchAll(/<revision>\s*<id>(\d+)<\/id>/g)].map(([, id]) => Number(id));
    const id = Number(/<id>(\d+)<\/id>/.exec(page)?.[1]);
    const title = /<title>([^<]*)<\/title>/.exec(page)?.[1] ?? '';
    return { id, title, start: match.index, end: match.index + page.length, revisions };
  });
}

export const headOf = (content: Buffer) =>
  content.subarray(0, content.indexOf('</siteinfo>\n') + '</siteinfo>\n'.length);

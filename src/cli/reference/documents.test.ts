// What the hand-written pages name must exist: files that they link to, commands and options that they show.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { cliPage } from './cli-page.ts';

const root = resolve(import.meta.dirname, '../../..');
const pages = [...globSync('*.md', { cwd: root }), ...globSync('docs/**/*.md', { cwd: root })];
// The changelog also names what is not there yet, or not any more.
const written = pages.filter(
  (page) => !page.startsWith(join('docs', 'reference')) && page !== 'CHANGELOG.md',
);
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

test('links lead to files and headings that exist', () => {
  const broken: string[] = [];
  for (const page of pages) {
    for (const [, link = ''] of textOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [path = '', heading] = link.split('#');
      const target = path === '' ? join(root, page) : resolve(dirname(join(root, page)), path);
      if (!existsSync(target)) broken.push(`${page}: ${link}`);
      else if (heading !== undefined && !headingsOf(target).has(heading)) broken.push(`${page}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('commands and their options are those of the program', () => {
  const sections = commandSections();
  const unknown: string[] = [];
  for (const page of written) {
    for (const line of shownLines(textOf(page))) {
      const words = line.split(/\s+/).slice(1);
      const command = longestCommand(words, sections);
      if (command === undefined) unknown.push(`${page}: ${line}`);
      const known = `${sections.get('rota')} ${sections.get(command ?? '')}`;
      for (const word of words.filter((candidate) => /^--[a-z]/.test(candidate))) {
        const flag = word.split('=')[0] ?? word;
        if (!new RegExp(`${flag}[ \`]`).test(known)) unknown.push(`${page}: ${line}: ${flag}`);
      }
    }
  }
  assert.deepEqual(unknown, []);
});

/** Lines of code blocks, and code within sentences, that run Rota, without what is piped into or comes after them. */
function shownLines(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^ *```(?:sh)?\n([\s\S]*?)^ *```/gm)].map(([, block = '']) => block);
  const inline = [...text.matchAll(/`(rota [a-z][^`\n]*)`/g)].map(([, code = '']) => code);
  return [...blocks.flatMap((block) => block.split('\n')), ...inline]
    .map((line) => line.trim().replace(/^bin\/rota\.mjs /, 'rota '))
    .filter((line) => line.startsWith('rota '))
    .map((line) => line.replace(/\s+#.*$|\s+[|>].*$/, ''));
}

/** The reference's text for each command, by its name; `rota` has the options that go with every command. */
function commandSections(): ReadonlyMap<string, string> {
  const sections = cliPage().split(/^##+ /m);
  return new Map(
    sections.map((section, index) => [index === 0 ? 'rota' : (section.split('\n')[0] ?? ''), section]),
  );
}

function longestCommand(words: readonly string[], sections: ReadonlyMap<string, string>): string | undefined {
  if (words[0]?.startsWith('-')) return 'rota';
  for (const count of [2, 1]) {
    const name = ['rota', ...words.slice(0, count)].join(' ');
    if (words.length >= count && sections.has(name)) return name;
  }
  return undefined;
}

function headingsOf(path: string): ReadonlySet<string> {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, words = '']) =>
      words
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

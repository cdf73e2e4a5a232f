import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/**
 * Which rooms a room may import from, itself aside. Imports point inwards only:
 * cli -> files -> export; cli, web -> operations; cli, web, demo, operations -> jobs -> dumping -> publish, mediawiki, export -> control -> core, and config -> core.
 * What needs a setting from rota.yaml is given it by those that may import config. (The linter finds circles, and most
 * of this as one types; here paths are resolved and nothing slips through.)
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  config: ['core'],
  control: ['core'],
  publish: ['control', 'core'],
  mediawiki: ['control', 'core'],
  // Of mediawiki only what is written; see below.
  export: ['mediawiki', 'control', 'core'],
  // Tools for dump files: they know no wiki and no configuration.
  files: ['mediawiki', 'export', 'core'],
  dumping: ['mediawiki', 'export', 'control', 'config', 'core'],
  jobs: ['dumping', 'publish', 'mediawiki', 'export', 'control', 'config', 'core'],
  // What operators do with a farm: workers, monitor, doctor, status.
  operations: [
    'composition.ts',
    'jobs',
    'dumping',
    'publish',
    'mediawiki',
    'export',
    'control',
    'config',
    'core',
  ],
  demo: ['composition.ts', 'jobs', 'dumping', 'publish', 'mediawiki', 'export', 'control', 'config', 'core'],
  web: [
    'operations',
    'composition.ts',
    'jobs',
    'dumping',
    'publish',
    'mediawiki',
    'export',
    'control',
    'config',
    'core',
  ],
  cli: [
    'composition.ts',
    'composition',
    'web',
    'files',
    'demo',
    'operations',
    'jobs',
    'dumping',
    'publish',
    'mediawiki',
    'export',
    'control',
    'config',
    'core',
  ],
  // The one place that picks adapters.
  'composition.ts': [
    'composition',
    'jobs',
    'dumping',
    'publish',
    'mediawiki',
    'export',
    'control',
    'config',
    'core',
  ],
  composition: ['jobs', 'dumping', 'publish', 'mediawiki', 'export', 'control', 'config', 'core'],
};

const anyImport = /^(?:import|export)\b[^;'"]*?from\s*['"](\.{1,2}\/[^'"]+)['"]/gm;

const sourceFolder = import.meta.dirname;
const self = 'architecture.test.ts';
const files = globSync('**/*.ts', { cwd: sourceFolder }).filter((file) => file !== self);
const importsOf = new Map(files.map((file) => [file, readImports(file)]));

test('every room is known', () => {
  const rooms = new Set(files.map(roomOf));
  assert.deepEqual(
    [...rooms].filter((room) => mayImport[room] === undefined),
    [],
    'say in src/architecture.test.ts and biome.json what a new room may import',
  );
});

test('imports point inwards only', () => {
  const faults = eachImport((from, to) => {
    const [room, target] = [roomOf(from), roomOf(to)];
    return room !== target && !(mayImport[room] ?? []).includes(target);
  });
  assert.deepEqual(faults, []);
});

test('jobs never import each other', () => {
  const faults = eachImport(
    (from, to) =>
      roomOf(from) === 'jobs' && roomOf(to) === 'jobs' && jobOf(from) !== jobOf(to) && jobOf(to) !== null,
  );
  assert.deepEqual(faults, []);
});

test('what schedules and shows the runs of a job loads none of the code that works on them', () => {
  const reached = new Set<string>();
  const follow = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const next of readImports(file, 'when loaded')) follow(next);
  };
  follow('composition/jobs.ts');
  assert.ok(reached.has('jobs/full-dump/definition.ts'));
  assert.deepEqual(
    [...reached].filter((file) => ['mediawiki', 'export', 'dumping'].includes(roomOf(file))),
    [],
    'let the definition of a job import its stages and services when they are asked for',
  );
});

test('export knows the records, texts and siteinfo of mediawiki, but no database', () => {
  const faults = eachImport(
    (from, to) =>
      roomOf(from) === 'export' &&
      !from.endsWith('.test.ts') &&
      roomOf(to) === 'mediawiki' &&
      !/^mediawiki\/(record|siteinfo|text)\//.test(to),
  );
  assert.deepEqual(faults, []);
});

test('files knows the records of mediawiki only', () => {
  const faults = eachImport(
    (from, to) =>
      roomOf(from) === 'files' && roomOf(to) === 'mediawiki' && !to.startsWith('mediawiki/record/'),
  );
  assert.deepEqual(faults, []);
});

test('no package is loaded by its parts that nobody asked for', () => {
  const large = [
    // `z` by name is all of zod, sixty languages with it, which a bundle then has to keep.
    /^import (?!type\b|\* as z\b)[^;]*from 'zod'/m,
    // A hundred modules, for commands that start no program.
    /^import (?!type\b)[^;]*from 'execa'/m,
  ];
  const faults = files.filter((file) => {
    const text = file.endsWith('.test.ts') ? '' : readFileSync(join(sourceFolder, file), 'utf8');
    return large.some((one) => one.test(text));
  });
  assert.deepEqual(faults, []);
});

/** Of all imports, or only of those that are followed when the file is loaded: no types, nothing that is asked for later. */
function readImports(file: string, which: 'all' | 'when loaded' = 'all'): readonly string[] {
  const text = readFileSync(join(sourceFolder, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const later = /\bimport\(\s*['"](\.{1,2}\/[^'"]+)['"]\s*\)/g;
  const specifiers = [
    ...[...text.matchAll(anyImport)].filter(
      ([statement]) => which === 'all' || !/^(?:import|export) type\b/.test(statement),
    ),
    ...text.matchAll(/^import\s*['"](\.{1,2}\/[^'"]+)['"]/gm),
    ...(which === 'all' ? text.matchAll(later) : []),
  ].map(([, specifier = '']) => normalize(join(dirname(file), specifier)));
  // Only what lies in src: a test may read a fixture elsewhere.
  return specifiers.filter((specifier) => !specifier.startsWith('..'));
}

/** `core/errors/catalogue.ts` → `core`. */
function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

/** `jobs/full-dump/index.ts` → `full-dump`; null for what all jobs share. */
function jobOf(file: string): string | null {
  const [, job = '', ...rest] = file.split('/');
  return rest.length === 0 || job === 'definition' ? null : job;
}

function eachImport(isFault: (from: string, to: string) => boolean): readonly string[] {
  return [...importsOf].flatMap(([from, targets]) =>
    targets.filter((to) => isFault(from, to)).map((to) => `${from} imports ${to}`),
  );
}

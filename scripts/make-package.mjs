// `npm run package`: makes build/rota-<version>.tgz, which `npm install -g` installs: the program and most packages that it uses as
// few files, none of the tools of development, what else it needs at the version that was tested, and the licences of all.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftOut, writeBundle } from './lib/make-bundle.mjs';
import { projectFolder } from './lib/runtime.mjs';

const build = join(projectFolder, 'build');
const target = join(build, 'package');
const source = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
const lock = JSON.parse(readFileSync(join(projectFolder, 'package-lock.json'), 'utf8'));

rmSync(build, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const bundle = join(target, 'bundle', 'program');
mkdirSync(bundle, { recursive: true });
await writeBundle(projectFolder, bundle);

for (const part of [
  'bin',
  'docs',
  'examples',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  join('scripts', 'lib'),
]) {
  cpSync(join(projectFolder, part), join(target, part), {
    recursive: true,
    // What makes bundles is of no use there.
    filter: (path) => !/(?:make-bundle|source-lines)\.mjs$/.test(path),
  });
}

const { name, version, description, license, type, bin } = source;
const dependencies = Object.fromEntries(leftOut.map((one) => [one, source.dependencies[one]]));
const man = ['./docs/man/rota.1'];
const published = {
  name,
  version,
  description,
  license,
  type,
  bin,
  man,
  engines: { node: '>=24' },
  dependencies,
};
write('package.json', published);

/** Packages in Rota or installed with it: neither development's nor the workspace's. */
const packages = Object.entries(lock.packages).filter(
  ([path, one]) => path.startsWith('node_modules/') && !one.dev && !one.link && !isRuntime(path),
);
const installed = withTheirs(leftOut.map((one) => `node_modules/${one}`));
const root = { name, version, license, dependencies, bin, engines: published.engines };
write('npm-shrinkwrap.json', {
  name,
  version,
  lockfileVersion: lock.lockfileVersion,
  requires: true,
  packages: Object.fromEntries([['', root], ...packages.filter(([path]) => installed.has(path))]),
});
writeFileSync(join(target, 'THIRD-PARTY.md'), licences());
const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', build, target], {
  encoding: 'utf8',
});
process.stdout.write(`build/${packed.trim()}\n`);

/** The packages with all that they need, none of which has a version of its own below another. */
function withTheirs(paths) {
  const found = new Set(paths);
  for (const path of found) {
    const { dependencies = {}, optionalDependencies = {} } = lock.packages[path];
    for (const one of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (lock.packages[`${path}/node_modules/${one}`] !== undefined)
        throw new Error(`${one} is there twice`);
      found.add(`node_modules/${one}`);
    }
  }
  return found;
}

/** @param {string} path */
function isRuntime(path) {
  return /^node_modules\/(?:node-linux-(?:x64|arm64)|@rota\/runtime|rota-runtime)$/.test(path);
}

/**
 * @param {string} name
 * @param {object} value
 */
function write(name, value) {
  writeFileSync(join(target, name), `${JSON.stringify(value, null, 2)}\n`);
}

/** A line a package; below, the text of each licence that stands in one. */
function licences() {
  const lines = [
    '# What Rota holds and is installed with',
    '',
    '| package | version | licence |',
    '|---|---|---|',
  ];
  const texts = new Map();
  for (const [path, one] of packages) {
    const packageName = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    lines.push(`| ${packageName} | ${one.version} | ${one.license ?? 'see its files'} |`);
    const text = licenceText(join(projectFolder, path));
    if (text !== null) texts.set(text, [...(texts.get(text) ?? []), packageName]);
  }
  const parts = [...texts].map(
    ([text, names]) => `## ${[...new Set(names)].join(', ')}\n\n\`\`\`\n${text}\n\`\`\`\n`,
  );
  return `${lines.join('\n')}\n\n${parts.join('\n')}`;
}

/** @param {string} folder */
function licenceText(folder) {
  try {
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry));
    return file === undefined
      ? null
      : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  } catch {
    // Of another platform, so not installed here.
    return null;
  }
}

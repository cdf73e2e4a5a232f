// `npm run package`: makes build/rota-<version>.tgz, which `npm install -g` installs: JavaScript instead of TypeScript,
// none of the tools of development, every dependency at the version that was tested, and their licences.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './lib/runtime.mjs';

const build = join(projectFolder, 'build');
const target = join(build, 'package');
const source = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
const lock = JSON.parse(readFileSync(join(projectFolder, 'package-lock.json'), 'utf8'));

rmSync(build, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const compiler = join(projectFolder, 'node_modules', '.bin', 'tsc');
execFileSync(compiler, ['-p', join(projectFolder, 'tsconfig.build.json')], { stdio: 'inherit' });

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
    filter: (path) => !path.endsWith('.test.mjs'),
  });
}

const { name, version, description, license, type, bin, dependencies } = source;
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

/** Packages that are installed with Rota: neither development's nor the workspace's. */
const packages = Object.entries(lock.packages).filter(
  ([path, one]) => path.startsWith('node_modules/') && !one.dev && !one.link && !isRuntime(path),
);
const root = { name, version, license, dependencies, bin, engines: published.engines };
write('npm-shrinkwrap.json', {
  name,
  version,
  lockfileVersion: lock.lockfileVersion,
  requires: true,
  packages: Object.fromEntries([['', root], ...packages]),
});
writeFileSync(join(target, 'THIRD-PARTY.md'), licences());
const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', build, target], {
  encoding: 'utf8',
});
process.stdout.write(`build/${packed.trim()}\n`);

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
  const lines = ['# What Rota is installed with', '', '| package | version | licence |', '|---|---|---|'];
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

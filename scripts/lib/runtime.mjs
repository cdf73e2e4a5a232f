// Plain JavaScript for Node 18 and later: this runs before it is known which Node there is.
//
// Rota runs on Node 24 or later. The machine's own is used if it is new enough, else the one that the private
// workspace tools/runtime brings as node_modules/.bin/node. What package-lock.json names is installed when it is not
// there yet.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What most starts of a command do without is loaded when it is used. */
const require = createRequire(import.meta.url);

const neededMajor = 24;

/** A failure that is told in one line, without a stack. */
export class SetupError extends Error {}

/**
 * Installs what is missing and finds the Node to use.
 * @param {{ folder?: string, say?: (line: string) => void, env?: NodeJS.ProcessEnv }} [options]
 * @returns {{ node: string, installed: boolean }} the path of a Node ≥ 24, and whether packages were installed now
 */
export function prepare(options = {}) {
  const folder = options.folder ?? projectFolder;
  const say = options.say ?? ((line) => process.stderr.write(`${line}\n`));
  const env = options.env ?? process.env;
  const installed = install(folder, say, env);
  return { node: findNode(folder), installed };
}

/**
 * The Node that Rota can run on: this one, or the workspace's.
 * @param {string} [folder]
 * @returns {string} its path
 */
export function findNode(folder = projectFolder) {
  if (majorOf(process.versions.node) >= neededMajor) return process.execPath;
  // The installed package has none of its own.
  if (!existsSync(join(folder, 'tools', 'runtime'))) {
    throw new SetupError(`Rota needs Node ${neededMajor} or later; this is Node ${process.versions.node}.`);
  }
  const own = join(folder, 'node_modules', '.bin', 'node');
  const found = existsSync(own) ? versionOf(own) : null;
  if (found !== null && majorOf(found) >= neededMajor) return own;
  const why = !existsSync(own)
    ? 'the project has none installed (run `npm ci`)'
    : `the project's own ${found === null ? 'does not run on this machine' : `is ${found}`}`;
  throw new SetupError(
    `Rota needs Node ${neededMajor} or later; this is Node ${process.versions.node} and ${why}. ` +
      `On Linux x64 and arm64 \`npm ci\` brings one; elsewhere install Node ${neededMajor}.`,
  );
}

/**
 * Runs a program of Rota's in the Node that was found, with this terminal, and passes signals on.
 * @param {string} node
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit status, as a shell would give it
 */
export function run(node, args, options = {}) {
  const { spawn } = require('node:child_process');
  const child = spawn(node, args, { stdio: 'inherit', ...options });
  // Ctrl-C reaches the whole foreground group; the child decides when it ends. One sent to this process alone is
  // passed on (the child takes two within a moment for one).
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const listeners = signals.map((signal) => {
    const listener = () => child.kill(signal);
    process.on(signal, listener);
    return { signal, listener };
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new SetupError(`${node} cannot be started: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      for (const { signal: name, listener } of listeners) process.off(name, listener);
      resolve(code ?? 128 + (signalNumbers[signal ?? ''] ?? 0));
    });
  });
}

/**
 * Runs an entry script: what it returns is the exit status; a SetupError is one line on standard error.
 * @param {() => Promise<number>} script
 */
export async function main(script) {
  try {
    process.exitCode = await script();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`rota: ${error.message}\n`);
    process.exitCode = 1;
  }
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGTERM: 15 };

function majorOf(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10);
}

function versionOf(node) {
  const { spawnSync } = require('node:child_process');
  const result = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : null;
}

/** @returns {boolean} whether `npm ci` had to be run */
function install(folder, say, env) {
  const lockText = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const modules = join(folder, 'node_modules');
  const stamp = join(modules, '.rota-installed');
  const { createHash } = require('node:crypto');
  const wanted = `${createHash('sha256').update(lockText).digest('hex')} ${process.platform}-${process.arch}\n`;
  if (readIfThere(stamp) === wanted) return false;
  if (isInstalled(JSON.parse(lockText), modules)) {
    // Somebody ran `npm ci` by hand. Where the folder cannot be written this is found out again each time.
    writeStamp(stamp, wanted);
    return false;
  }
  say('installing what package-lock.json names (npm ci) …');
  npmCi(folder, env);
  writeStamp(stamp, wanted);
  return true;
}

/**
 * Whether npm's own record of node_modules holds the lock file's packages. Optional ones are for some machines only;
 * of those the Node for this machine must be there.
 */
function isInstalled(lock, modules) {
  const text = readIfThere(join(modules, '.package-lock.json'));
  if (text === null) return false;
  let present;
  try {
    present = JSON.parse(text).packages ?? {};
  } catch {
    return false;
  }
  const ownNode = `node_modules/node-${process.platform}-${process.arch}`;
  return Object.entries(lock.packages).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.link) return true;
    const there = present[path];
    if (there === undefined) return entry.optional === true && path !== ownNode;
    return there.version === entry.version && existsSync(join(dirname(modules), path));
  });
}

function npmCi(folder, env) {
  // --include: neither NODE_ENV=production nor a user's `omit` may leave out the compiler or the Node that it needs.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const [program, ...first] = npmCommand(env);
  const { spawnSync } = require('node:child_process');
  const result = spawnSync(program, [...first, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error !== undefined) {
    throw new SetupError(
      `npm cannot be run (${result.error.message}): it comes with Node; install it, then start again.`,
    );
  }
  if (result.status === 0) return;
  const lines = `${result.stdout}\n${result.stderr}`
    .split('\n')
    .filter((line) => /^npm (err|error)/i.test(line));
  const facts = lines
    .map((line) => line.replace(/^npm (err!|error)\s*/i, '').trim())
    .filter((line) => line !== '' && !line.startsWith('A complete log'))
    .slice(0, 4);
  const offline = /E(AI_AGAIN|NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT)/.test(facts.join(' '));
  throw new SetupError(
    `\`npm ci\` ended with status ${result.status}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}: ` +
      `${offline ? 'the package registry is not reached; check the network or proxy' : 'mend that'}, then start again.`,
  );
}

/** npm as it was called for this script; else the one on the path. */
function npmCommand(env) {
  const called = env.npm_execpath;
  if (called !== undefined && /npm-cli\.[cm]?js$/.test(called) && existsSync(called)) {
    return [process.execPath, called];
  }
  return ['npm'];
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function writeStamp(path, text) {
  try {
    writeFileSync(path, text);
  } catch {
    // A read-only folder: the check is repeated at the next start.
  }
}

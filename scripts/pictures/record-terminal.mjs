// What a terminal shows while commands run, frame by frame. tmux is the terminal: it understands cursor movements and
// redrawing, so a frame is nothing but lines with colours.
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

export const columns = 80;
export const rows = 22;
const sampleEveryMs = 200;
/** A pause of the machine is no part of what is shown. */
const longestFrameMs = 1_500;

/**
 * @typedef {{ atMs: number, lines: string[] }} Frame
 * @param {{ folder: string, env: Record<string, string>, commands: string[] }} options
 * @returns {Promise<Frame[]>}
 */
export async function recordTerminal({ folder, env, commands }) {
  const socket = `rota-pictures-${process.pid}`;
  const tmux = (/** @type {string[]} */ ...args) =>
    execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  // tmux hands its own environment on, so the shell gets ours as words of its command.
  const settings = Object.entries({ ...env, PS1: '$ ' }).map(([name, value]) => `${name}=${value}`);
  const shell = ['env', ...settings, 'bash', '--norc', '--noprofile'];
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', folder, ...shell);
  try {
    tmux('set', '-g', 'status', 'off');
    /** @type {Frame[]} */
    const frames = [];
    let atMs = 0;
    let lastMs = performance.now();
    const sample = () => {
      // Where the farm lies for the recording is nobody's business.
      const screen = tmux('capture-pane', '-p', '-e').replaceAll(folder, '/srv/farm');
      const lines = screen.replace(/\n+$/, '').split('\n');
      const now = performance.now();
      atMs += Math.min(longestFrameMs, now - lastMs);
      lastMs = now;
      if (frames.at(-1)?.lines.join('\n') !== lines.join('\n'))
        frames.push({ atMs: Math.round(atMs), lines });
      return lines;
    };
    const isReady = () => /^\$$/.test((sample().at(-1) ?? '').replaceAll(/\x1b\[[\d;]*m/g, '').trim());
    while (!isReady()) await pause(sampleEveryMs);
    for (const command of commands) {
      tmux('send-keys', '-l', command);
      await pause(sampleEveryMs * 2);
      sample();
      tmux('send-keys', 'Enter');
      await pause(sampleEveryMs * 2);
      while (!isReady()) await pause(sampleEveryMs);
      await pause(1_200);
      sample();
    }
    if (frames.some(({ lines }) => lines.some((line) => line.includes('command not found')))) {
      throw new Error(`the commands are not found: ${commands.join(', ')}`);
    }
    return frames;
  } finally {
    tmux('kill-server');
  }
}

/**
 * asciicast, version 2: every frame clears and draws.
 * @param {Frame[]} frames
 */
export function asciicast(frames) {
  const head = { version: 2, width: columns, height: rows, title: 'Rota' };
  const events = frames.map(({ atMs, lines }) => [atMs / 1000, 'o', `\x1b[H\x1b[2J${lines.join('\r\n')}`]);
  return [head, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}

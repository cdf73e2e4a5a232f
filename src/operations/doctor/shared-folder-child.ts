import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeDurably } from './write-durably.ts';

/**
 * The other process of `rota doctor --shared-dir`. It is told in lines, and answers in lines:
 * `see NAME SHA256 LIMIT_MS` → `seen MS` or `unseen`; `write NAME SHA-FREE-TEXT` → `written`.
 */
const [folder = '.'] = process.argv.slice(2);
for await (const line of createInterface({ input: process.stdin })) {
  const [order = '', name = '', text = '', limitMs = '0'] = line.split(' ');
  if (order === 'write') {
    await writeDurably(join(folder, name), text);
    process.stdout.write('written\n');
  } else process.stdout.write(`${await see(join(folder, name), text, Number(limitMs))}\n`);
}

async function see(path: string, sha256: string, limitMs: number): Promise<string> {
  const startMs = performance.now();
  for (;;) {
    const body = await readFile(path).catch(() => null);
    const waitedMs = Math.round(performance.now() - startMs);
    if (body !== null && createHash('sha256').update(body).digest('hex') === sha256)
      return `seen ${waitedMs}`;
    if (waitedMs > limitMs) return 'unseen';
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

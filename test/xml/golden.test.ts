// Every tool of rota xml on little files that are kept here: what it prints, and with which status, is written down in
// golden/transcript.txt. After a wanted change: ROTA_UPDATE_GOLDEN=1 node --test test/xml/golden.test.ts, then read the diff.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runRota } from '../../src/cli/testing.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = join(import.meta.dirname, 'golden');
const transcript = join(folder, 'transcript.txt');

/** Words as a shell takes them apart; single quotes only. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

describe('the tools on the golden files', () => {
  // No program is on the path: what is read here, is read by Rota itself.
  it('print what is written down', async () => {
    await using out = await temporaryFolder();
    const commands = (await readFile(join(folder, 'commands.txt'), 'utf8')).trim().split('\n');
    let printed = '';
    for (const command of commands) {
      const args = wordsOf(command).map((word) => word.replace(/^OUT/, out.path));
      const result = await runRota(['xml', ...args], { cwd: folder });
      const text = [result.stdout, result.stderr]
        .join('')
        .replaceAll(out.path, 'OUT')
        .replaceAll(folder, '.');
      printed += `$ rota xml ${command}\n${text}[${result.status}]\n\n`;
    }
    if (process.env.ROTA_UPDATE_GOLDEN === '1') await writeFile(transcript, printed);
    assert.equal(printed, await readFile(transcript, 'utf8'));
  });
});

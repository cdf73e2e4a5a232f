// Folders that a command makes where its user says: a place that takes none is named, by every command, and at once.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FarmFolder } from '../config/testing/farm-folder.ts';
import { runRota } from './testing.ts';

const nowhere = '/proc/rota-none/below';

test('a place that takes no folders is named by every command that would make one there', {
  skip: !existsSync('/proc/self'),
}, async () => {
  using folder = new FarmFolder();
  folder.write('old/web_scope.py', '[vars]\nscope_title = Web\n');
  folder.write(
    'old/web_recategorization.csv',
    'rule,title,display,id,matchstring\nProjectByID,All,show,1,\n',
  );
  folder.write('web.yaml', 'title: Web\nrules: [{ rule: ProjectByID, title: Web, project: 1 }]\n');
  const farm = (settings: string) =>
    `output: { public: ./public, private: ./private }\nwikis: {}\n${settings}\n`;
  folder.write('store.yaml', farm(`store: sqlite:${nowhere}/rota.db`));
  folder.write('log.yaml', farm(`log: { file: ${nowhere}/rota.log }`));
  folder.write('public.yaml', farm('').replace('./public', nowhere));
  for (const line of [
    `init --config ${nowhere}/rota.yaml`,
    `import phlogiston old -o ${nowhere}`,
    `demo farm ${nowhere}`,
    `report build web.yaml --dump missing.dump -o ${nowhere}`,
    'pause all --config store.yaml',
    'worker --once --config log.yaml',
    'monitor --once --config public.yaml',
  ]) {
    const { status, stderr } = await runRota(line.split(' '), { cwd: folder.path });
    assert.equal(status, 1, `${line}: ${stderr}`);
    assert.match(
      stderr,
      /FILE_UNWRITABLE: Cannot make the folder \/proc\/[^:]*: the file system of \/proc takes no/,
      line,
    );
  }
  assert.equal(existsSync(join(folder.path, 'private', 'rota.db')), false);
});

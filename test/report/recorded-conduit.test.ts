import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { taskHistory } from '../../src/jobs/report/history/task-history.ts';
import { convertTask } from '../../src/jobs/report/phabricator/conduit/convert-task.ts';
import { requiresSharedData, sharedDataFile } from '../support/shared-data.ts';

// What a real tracker answered: three tasks with their transactions of 2016, edges as maps and as lists.
const read = async (name: string) => {
  return JSON.parse(await readFile(sharedDataFile(`phabricator-conduit/${name}.json`), 'utf8')).result;
};

test('recorded answers of a real tracker become histories', {
  skip: requiresSharedData('phabricator-conduit/phabricator_tasks.json'),
}, async () => {
  const rows = [...(await read('phabricator_tasks')).data, ...(await read('phabricator_tasks_next')).data];
  const transactions = {
    ...(await read('phabricator_transactions')),
    ...(await read('phabricator_transactions_next')),
  };
  assert.ok(rows.length >= 4);
  for (const row of rows) {
    const task = convertTask(row, transactions[row.id]);
    assert.equal(task.transactions.length, transactions[row.id].length);
    const history = taskHistory(task);
    const last = history.states.at(-1);
    assert.equal(last?.status, row.fields.status.value, `T${row.id}`);
    assert.equal(last?.priority, row.fields.priority.value, `T${row.id}`);
    assert.equal(history.states[0]?.from, row.fields.dateCreated);
  }
  const first = taskHistory(convertTask(rows[0], transactions[rows[0].id]));
  assert.deepEqual(
    first.states.map(({ status, from, estimated }) => [status, from, estimated]),
    [
      ['open', 1462297064, false],
      ['resolved', 1462306027, false],
    ],
  );
  assert.deepEqual(first.projects.map(({ project, from }) => [project, from]).sort(), [
    ['PHID-PROJ-2qnt6thbrd7qnx5bitzy', 1462297064],
    ['PHID-PROJ-zi2ndtoy3fh5pnbqzfdo', 1462297064],
  ]);
  // Its parent, from an edge as a map.
  assert.deepEqual(
    first.parents.map(({ role, other, added }) => [role, other, added]),
    [['parent', 'PHID-TASK-zr3hpu4cpqkqcbzrotpc', true]],
  );
});

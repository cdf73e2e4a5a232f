import assert from 'node:assert/strict';

// A tracker of 230 tasks as its API tells it: every tenth is for users only.

export const taskCount = 230;

const phid = (id: number) => `PHID-TASK-${String(id).padStart(20, '0')}`;

/** What the server answers a call with. */
export function answer(method: string, parameters: URLSearchParams): unknown {
  const page = <T>(all: readonly T[], idOf: (item: T) => number) => {
    const from = Number(parameters.get('after') ?? 0);
    const data = all.filter((item) => idOf(item) > from).slice(0, Number(parameters.get('limit')));
    const last = data.at(-1);
    const isMore = last !== undefined && idOf(last) < idOf(all.at(-1) as T);
    return {
      data,
      cursor: { limit: 100, after: isMore ? String(idOf(last)) : null, before: null, order: null },
    };
  };
  if (method === 'project.search') {
    const project = (id: number, view: string) => ({
      id,
      phid: `PHID-PROJ-${id}`,
      fields: { name: `P${id}`, policy: { view }, spacePHID: null },
    });
    return page([project(1, 'public'), project(2, 'users')], ({ id }) => id);
  }
  if (method === 'project.column.search') {
    const fields = { name: '', isHidden: false, isDefaultColumn: true, project: { phid: 'PHID-PROJ-1' } };
    return page([{ id: 5, phid: 'PHID-PCOL-5', fields }], ({ id }) => id);
  }
  if (method === 'maniphest.search') {
    assert.equal(parameters.get('order'), 'oldest');
    assert.equal(parameters.get('attachments[projects]'), '1');
    return page(
      Array.from({ length: taskCount }, (_, i) => taskRow(i + 1)),
      ({ id }) => id,
    );
  }
  if (method === 'transaction.search') {
    const id = Number(parameters.get('objectIdentifier')?.slice(-20));
    // In pages of five, the newest first.
    const rows = searchRowsOf(id).filter((row) => row.id < Number(parameters.get('after') ?? 1e9));
    const data = rows.slice(0, 5);
    return {
      data,
      cursor: { limit: 5, after: rows.length > 5 ? String(data[4]?.id) : null, before: null },
    };
  }
  assert.equal(method, 'maniphest.gettasktransactions');
  const ids = [...parameters].filter(([key]) => key.startsWith('ids[')).map(([, value]) => Number(value));
  return Object.fromEntries(ids.map((id) => [id, transactionsOf(id)]));
}

function taskRow(id: number) {
  const policy = { view: id % 10 === 0 ? 'users' : 'public', edit: 'users' };
  const status = { value: id % 2 === 0 ? 'resolved' : 'open', name: '', color: null };
  const fields = {
    name: `Task ${id} <b>`,
    status,
    priority: { value: 50, name: 'x' },
    points: id % 3 === 0 ? '2.5' : null,
    dateCreated: 1_700_000_000 + id,
    dateModified: 1_700_000_900,
    policy,
    spacePHID: null,
  };
  return {
    id,
    type: 'TASK',
    phid: phid(id),
    fields,
    attachments: { projects: { projectPHIDs: ['PHID-PROJ-1'] }, columns: { boards: [] } },
  };
}

function transactionsOf(id: number) {
  const row = (
    n: number,
    transactionType: string,
    oldValue: unknown,
    newValue: unknown,
    meta: object = {},
  ) => ({
    taskID: String(id),
    transactionID: String(id * 10 + n),
    transactionType,
    oldValue,
    newValue,
    meta,
    dateCreated: String(1_700_000_000 + id + n * 60),
    comments: null,
  });
  return [
    row(3, 'status', 'open', 'resolved'),
    row(2, 'core:columns', null, [
      { columnPHID: 'PHID-PCOL-5', boardPHID: 'PHID-PROJ-1', fromColumnPHIDs: [] },
    ]),
    row(1, 'core:edge', [], ['PHID-PROJ-1'], { 'edge:type': 41 }),
    row(0, 'core:create', null, null),
  ];
}

/** The same as transaction.search tells it, and what only that does. */
function searchRowsOf(id: number) {
  const row = (n: number, type: string | null, fields: object) => ({
    id: id * 10 + n,
    phid: `PHID-XACT-TASK-${id * 10 + n}`,
    type,
    objectPHID: phid(id),
    dateCreated: 1_700_000_000 + id + n * 60,
    groupID: 'x',
    comments: [],
    fields,
  });
  const [add, remove] = ['add', 'remove'].map((operation) => (on: string) => ({ operation, phid: on }));
  return [
    row(8, 'mergedinto', { old: null, new: 'PHID-TASK-other' }),
    row(7, 'dependedOnBy', { operations: [add?.('PHID-TASK-parent')] }),
    row(6, 'projects', { operations: [remove?.('PHID-PROJ-2')] }),
    row(5, 'points', { old: null, new: 2.5 }),
    row(4, 'priority', { old: { value: 90, name: 'x' }, new: { value: 50, name: 'y' } }),
    row(3, 'status', { old: 'open', new: 'resolved' }),
    row(2, 'core:columns', {
      old: null,
      new: [{ columnPHID: 'PHID-PCOL-5', boardPHID: 'PHID-PROJ-1', fromColumnPHIDs: [] }],
    }),
    row(1, 'projects', { operations: [add?.('PHID-PROJ-1'), add?.('PHID-PROJ-2')] }),
    row(0, null, {}),
  ];
}

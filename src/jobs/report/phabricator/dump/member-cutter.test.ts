import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CutFailure, MemberCutter } from './member-cutter.ts';

/** Cuts a text that comes in portions of the given lengths (again and again). */
function cut(text: string | Buffer, portions: readonly number[] = [1 << 20], maxMemberBytes?: number) {
  const members: string[] = [];
  const damaged: string[] = [];
  const cutter: MemberCutter = new MemberCutter({
    onMember: (member) => {
      const { section, key, value } = member;
      if (isJson(value)) members.push(`${section}/${key}=${value.toString('utf8')}`);
      else if (!cutter.cutAgain(member)) {
        damaged.push(`${key}: no JSON`);
        cutter.lookAgainIn(member);
      }
    },
    onDamage: ({ key }, reason) => damaged.push(`${key}: ${reason}`),
    ...(maxMemberBytes === undefined ? {} : { maxMemberBytes }),
  });
  const bytes = Buffer.from(text);
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const length = portions[i % portions.length] ?? 1;
    cutter.feed(bytes.subarray(at, at + length));
    at += length;
  }
  cutter.end();
  return { members, damaged };
}

function isJson(value: Buffer): boolean {
  try {
    JSON.parse(value.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

const tricky = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', 'a', '🚀') }),
);
const dump = fc.record({
  task: fc.dictionary(
    fc.integer({ min: 1, max: 9999 }).map(String),
    fc.record({ info: tricky, more: tricky }),
  ),
  project: fc.record({ projects: fc.array(tricky), columns: fc.array(tricky) }),
});

/** As Python writes it: the separators by which the next task is recognised. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}: ${pythonJson(member)}`)
    .join(', ')}}`;
}

test('a task that holds what looks like the next one is cut by its brackets', () => {
  const odd = { info: [{ a: {}, '7': { b: 1 } }, '}, "8": {"'], more: { x: {}, '9': { y: [] } } };
  const tasks = { '1': odd, '2': { info: [] }, '3': odd };
  const { members, damaged } = cut(pythonJson({ task: tasks, project: { projects: [] } }));
  assert.deepEqual(damaged, []);
  assert.deepEqual(members, [
    ...Object.entries(tasks).map(([id, task]) => `task/${id}=${pythonJson(task)}`),
    'project/projects=[]',
  ]);
});

test('gives every member, whatever stands in the strings and wherever the portions end', () => {
  fc.assert(
    fc.property(
      dump,
      fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(100_000)), { minLength: 1 }),
      fc.constantFrom('tight', 'indented', 'python'),
      (value, portions, style) => {
        const text =
          style === 'python'
            ? pythonJson(value)
            : JSON.stringify(value, null, style === 'indented' ? 1 : undefined);
        const { members } = cut(text, portions);
        const expected = Object.entries(value).flatMap(([section, all]) =>
          Object.entries(all).map(([key, member]) => [section, key, member] as const),
        );
        assert.deepEqual(
          members.map((member) => {
            const [, section, key, json] = /^(\w+)\/(\w+)=(.*)$/s.exec(member) ?? [];
            return [section, key, JSON.parse(json ?? '')];
          }),
          expected.map(([section, key, member]) => [section, key, JSON.parse(JSON.stringify(member))]),
        );
      },
    ),
  );
});

test('refuses a dump that was cut off at any byte, as truncated', () => {
  const text =
    '{"task": {"1": {"info": [1, "a\\"}"]}, "22": {"info": []}}, "project": {"projects": [], "columns": [{}]}}';
  for (let length = 0; length < text.length; length += 1) {
    assert.throws(
      () => cut(text.slice(0, length), [7]),
      (error: unknown) => error instanceof CutFailure && error.truncated,
      `of ${length} bytes`,
    );
  }
  assert.equal(cut(text, [7]).members.length, 4);
});

test('refuses what is no dump, and what follows the end', () => {
  for (const text of ['[]', 'x', '<html>', '{"task": []}', '{"task": {1: 2}}', '{"task": {}} {}']) {
    assert.throws(
      () => cut(text),
      (error: unknown) => error instanceof CutFailure && !error.truncated,
      text,
    );
  }
  assert.deepEqual(cut('{"task": {"1": 7, "2": null}}\n').members, ['task/1=7', 'task/2=null']);
});

test('goes on at the next task when one swallows the rest: a quotation mark or a bracket is missing', () => {
  const good = (id: number) => `"${id}": {"info": [${id}]}`;
  for (const broken of ['{"info": [2, "x]}', '{"info": [[2}', '{"info": {"a": [2}', '{"info": [2, x]}']) {
    for (const place of [1, 2, 3, 4]) {
      const ids = [1, 2, 3, 4];
      const list = ids.map((id) => (id === place ? `"${id}": ${broken}` : good(id)));
      const text = `{"task": {${list.join(', ')}}, "project": {"projects": []}}`;
      for (const portions of [[5], [1000]]) {
        const { members, damaged } = cut(text, portions);
        const kept = ids.filter((id) => id !== place).map((id) => `task/${id}={"info": [${id}]}`);
        assert.deepEqual(members, [...kept, 'project/projects=[]'], `${broken} at ${place}`);
        assert.equal(damaged.length, 1);
        assert.ok(damaged[0]?.startsWith(`${place}: `), damaged[0]);
      }
    }
  }
});

test('sets a task aside that has brackets too many', () => {
  const good = (id: number) => `"${id}": {"info": [${id}]}`;
  for (const extra of ['}', ' }\n}', ']', '}}}}']) {
    for (const place of [1, 2, 3]) {
      const ids = [1, 2, 3, 4];
      const tasks = ids.map((id) => (id === place ? `${good(id)}${extra}` : good(id)));
      for (const portions of [[1], [5], [1000]]) {
        const { members, damaged } = cut(
          `{"task": {${tasks.join(', ')}}, "project": {"projects": []}}`,
          portions,
        );
        const kept = ids.filter((id) => id !== place).map((id) => `task/${id}={"info": [${id}]}`);
        assert.deepEqual(members, [...kept, 'project/projects=[]']);
        assert.deepEqual(damaged, [`${place}: there is a bracket too many behind it`]);
      }
      // With a bracket too few in the last task the file as a whole would be even, but where the tasks end is unknown.
      const uneven = [...tasks.slice(0, 3), '"4": {"info": {"a": [4]}'].join(', ');
      assert.throws(() => cut(`{"task": {${uneven}}, "project": {"projects": []}}`), CutFailure);
    }
  }
  // Behind the last one it can only be the end of all.
  assert.equal(cut('{"task": {"1": {"info": [1]}}}').members.length, 1);
});

test('holds no more than a member may have', () => {
  const text = `{"task": {"1": {"info": ["${'x'.repeat(5000)}`;
  assert.throws(() => cut(text, [100], 1000), /longer than 1000 bytes/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIsoDay, isRunDate } from './run-date.ts';

test('days are those of the calendar, in their one form', () => {
  for (const day of ['2026-02-28', '2024-02-29', '2026-12-31', '2000-02-29']) {
    assert.ok(isIsoDay(day), day);
    assert.ok(isRunDate(day.replaceAll('-', '')), day);
    assert.ok(!isRunDate(day), day);
  }
  for (const day of ['2026-02-29', '2026-02-31', '2026-13-01', '2026-00-10', '1900-02-29', '2026-11-00']) {
    assert.ok(!isIsoDay(day), day);
    assert.ok(!isRunDate(day.replaceAll('-', '')), day);
  }
  for (const text of ['', 'yesterday', '2026-1-1', '2026-11-30 ', '2026-11-30\n', '202611301', 'x20261130'])
    assert.ok(!isIsoDay(text) && !isRunDate(text), text);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseTables } from './choose-tables.ts';

const wiki = { isPrivate: false, tablePrefix: '', tables: { extra: [], private: [] } };
const present = ['page', 'user', 'smw_ids', 'site_stats', 'text'];

test('only tables of the allow-list that the wiki has are dumped unless others are named', () => {
  assert.deepEqual(chooseTables(present, wiki), {
    tables: [
      { table: 'site_stats', storedName: 'site_stats', audience: 'public' },
      { table: 'page', storedName: 'page', audience: 'public' },
    ],
    missing: [],
  });
});

test('extra tables are public, private ones private even when the allow-list has them', () => {
  const tables = { extra: ['smw_ids', 'nowhere'], private: ['user', 'page', 'gone'] };
  const choice = chooseTables(present, { ...wiki, tables });
  const audiences = Object.fromEntries(choice.tables.map(({ table, audience }) => [table, audience]));
  assert.deepEqual(audiences, { site_stats: 'public', page: 'private', smw_ids: 'public', user: 'private' });
  assert.deepEqual(choice.missing, ['nowhere', 'gone']);
});

test('a private wiki has no public table', () => {
  const tables = { extra: ['smw_ids'], private: [] };
  const choice = chooseTables(present, { ...wiki, isPrivate: true, tables });
  assert.deepEqual(new Set(choice.tables.map(({ audience }) => audience)), new Set(['private']));
});

test('the prefix belongs to the name in the database only', () => {
  const choice = chooseTables(['mw_page', 'page', 'mw_user'], { ...wiki, tablePrefix: 'mw_' });
  assert.deepEqual(choice.tables, [{ table: 'page', storedName: 'mw_page', audience: 'public' }]);
});

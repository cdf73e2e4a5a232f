import { RotaError } from '../../core/errors/rota-error.ts';
import type { DemoDatabase } from '../database/demo-database.ts';
import { defaultWikiOptions, type WikiOptions } from '../wiki/wiki-options.ts';

const optionsKey = 'rota-demo-options';
const dayKey = 'rota-demo-day';

/** Keeps what a wiki was made from in the wiki itself (updatelog, where MediaWiki looks only for keys of its own). */
export async function saveOptions(database: DemoDatabase, options: WikiOptions): Promise<void> {
  await database.insert(
    'updatelog',
    ['ul_key', 'ul_value'],
    [
      [optionsKey, JSON.stringify(options)],
      [dayKey, '0'],
    ],
  );
}

/**
 * What the wiki was made from, and how many days it has lived since.
 * @throws RotaError USAGE when it is not a generated wiki
 */
export async function loadOptions(
  database: DemoDatabase,
): Promise<{ readonly options: WikiOptions; readonly day: number }> {
  const read = async (key: string): Promise<string | null> => {
    const rows = await database.query('SELECT ul_value FROM updatelog WHERE ul_key = ?', [key]);
    const value = rows[0]?.[0];
    return value === undefined || value === null ? null : `${value}`;
  };
  let saved: string | null;
  try {
    saved = await read(optionsKey);
  } catch (error) {
    throw notGenerated(error);
  }
  if (saved === null) throw notGenerated(undefined);
  const parsed = JSON.parse(saved) as Record<string, unknown>;
  const options = {
    ...defaultWikiOptions,
    ...parsed,
    from: new Date(`${parsed.from}`),
    until: new Date(`${parsed.until}`),
  };
  return { options, day: Number((await read(dayKey)) ?? 0) };
}

export async function saveDay(database: DemoDatabase, day: number): Promise<void> {
  await database.run('UPDATE updatelog SET ul_value = ? WHERE ul_key = ?', [`${day}`, dayKey]);
}

function notGenerated(cause: unknown): RotaError {
  return new RotaError(
    'USAGE',
    'This database is no wiki made by `rota demo wiki`, so it cannot live on: make one with that command.',
    { cause },
  );
}

import { isRotaError } from '../../../core/errors/rota-error.ts';
import type { Log } from '../../../core/log.ts';
import { forever } from '../history/interval.ts';
import { DataFile, type DataFileOptions } from '../store/data-file.ts';
import { eachNumberRow } from '../store/each-number-row.ts';
import { dataVersion, tablesOfTasks } from '../store/schema.ts';
import { Digests } from './digests.ts';

/** The load before. */
export interface Previous {
  readonly path: string;
  readonly digests: Digests;
  readonly bytes: number | null;
}

/** Null when there is none of this version: then everything is read anew, which always works. */
export async function readPrevious(
  path: string | null,
  data: DataFileOptions,
  log: Log,
): Promise<Previous | null> {
  if (path === null) return null;
  try {
    await using file = await DataFile.openReadOnly(path, data);
    const facts = await readLoadFacts(file);
    if (facts.get('version') !== String(dataVersion)) {
      log.info(
        { path, version: facts.get('version') },
        'the load before is of another version: reading everything',
      );
      return null;
    }
    const tasks = await file.number('SELECT count(*) FROM task');
    const [ids, values] = [new Uint32Array(tasks), new Float64Array(tasks)];
    let at = 0;
    await eachNumberRow(file, 'SELECT id, digest FROM task ORDER BY id', ([id, digest], row) => {
      ids[at] = id?.[row] ?? 0;
      values[at] = digest?.[row] ?? 0;
      at += 1;
    });
    const bytes = facts.get('bytes') ?? '';
    return { path, digests: new Digests(ids, values), bytes: bytes === '' ? null : Number(bytes) };
  } catch (error) {
    if (!isRotaError(error, 'REPORT_DATA_MISSING', 'REPORT_DATA_UNREADABLE')) throw error;
    log.warn({ err: error, path }, 'the load before cannot be used: reading everything');
    return null;
  }
}

export async function readLoadFacts(file: DataFile): Promise<ReadonlyMap<string, string>> {
  const rows = await file.rows('SELECT key, value FROM load');
  return new Map(rows.map(([key, value]) => [String(key), String(value)]));
}

/**
 * Takes over what belongs to unchanged tasks, and notes which tasks are gone, with the projects that they had.
 */
export async function copyUnchanged(file: DataFile, previous: Previous): Promise<void> {
  await file.run(`ATTACH '${previous.path.replaceAll("'", "''")}' AS before (READ_ONLY)`);
  await file.run('INSERT INTO task SELECT * FROM before.task WHERE id IN (SELECT task FROM unchanged)');
  for (const table of tablesOfTasks) {
    await file.run(
      `INSERT INTO ${table} SELECT * FROM before.${table} WHERE task IN (SELECT task FROM unchanged)`,
    );
  }
  await file.run(
    `INSERT INTO gone SELECT t.id, m.project_phid FROM before.task t
     LEFT JOIN before.membership m ON m.task = t.id AND m.valid_to = ${forever}
     WHERE t.id NOT IN (SELECT id FROM task)`,
  );
  await file.run('DETACH before');
}

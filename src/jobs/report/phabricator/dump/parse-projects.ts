import { isRecord } from '../form/step-values.ts';
import type { TrackerColumn, TrackerProject } from '../form/tracker-task.ts';

/** `project.projects`: `[id, name, phid, …]`. Rows that are none are left out. */
export function parseProjects(value: Buffer): readonly TrackerProject[] {
  return rows(value).flatMap(([id, name, phid]) =>
    isId(id) && typeof name === 'string' && typeof phid === 'string' ? [{ id: Number(id), name, phid }] : [],
  );
}

/** `project.columns`: `[id, phid, name, status, sequence, projectPHID, dateCreated, dateModified, properties]`. */
export function parseColumns(value: Buffer): readonly TrackerColumn[] {
  return rows(value).flatMap(([id, phid, name, status, , projectPhid, , , properties]) => {
    if (!isId(id) || typeof phid !== 'string' || typeof projectPhid !== 'string') return [];
    return [
      {
        id: Number(id),
        phid,
        name: typeof name === 'string' ? name : '',
        isHidden: Number(status) === 1,
        isDefault: name === '' || name === null || isDefault(properties),
        projectPhid,
      },
    ];
  });
}

/** @throws SyntaxError */
function rows(value: Buffer): readonly (readonly unknown[])[] {
  const parsed: unknown = JSON.parse(value.toString('utf8'));
  return Array.isArray(parsed) ? parsed.filter((row) => Array.isArray(row)) : [];
}

function isDefault(properties: unknown): boolean {
  let value = properties;
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value);
    } catch {
      return false;
    }
  }
  return isRecord(value) && (value.isDefault === true || value.isDefault === 1);
}

function isId(value: unknown): boolean {
  return Number.isSafeInteger(Number(value)) && value !== null && value !== '';
}

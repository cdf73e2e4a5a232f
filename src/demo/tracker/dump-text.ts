import { phid } from './phids.ts';
import { columnPhid, type DemoProject, privateProject } from './projects.ts';
import type { StepType } from './step-list.ts';
import type { DemoTask } from './task-life.ts';

/** JSON as Python 2 writes it: a space behind commas and colons, nothing but ASCII. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${pythonText(key)}: ${pythonJson(member)}`);
    return `{${members.join(', ')}}`;
  }
  return typeof value === 'string' ? pythonText(value) : JSON.stringify(value);
}

function pythonText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

const stepTypes: readonly StepType[] = [
  'core:columns',
  'priority',
  'points',
  'status',
  'reassign',
  'core:edge',
];

/** The dump's member of one task. */
export function taskText(task: DemoTask): string {
  const author = phid('USER', task.id % 97);
  const byType = new Map<StepType, string[]>();
  for (const [i, step] of task.steps.entries()) {
    const id = task.id * 200 + i;
    const row = pythonJson([
      id,
      phid('XACT-TASK', id, 15),
      author,
      task.phid,
      null,
      0,
      step.type,
      step.oldValue,
      step.newValue,
      step.metadata,
      step.at,
      step.at,
    ]);
    const rows = byType.get(step.type);
    if (rows === undefined) byType.set(step.type, [row]);
    else rows.push(row);
  }
  const info = [
    task.id,
    task.phid,
    author,
    task.id % 3 === 0 ? null : phid('USER', task.id % 31),
    task.status,
    task.priority,
    task.title,
    task.createdAt,
    task.modifiedAt,
    (task.id % 1000) / 8 - 60,
  ];
  // Points are a float in the database: whole ones are written with their `.0`.
  const points =
    task.points === null ? 'null' : Number.isInteger(task.points) ? `${task.points}.0` : task.points;
  const transactions = stepTypes.map((type) => {
    const rows = byType.get(type);
    return `"${type}": ${rows === undefined ? 'null' : `[${rows.join(', ')}]`}`;
  });
  const edges = task.edges.map(([type, other, at], seq) => [task.phid, type, other, at, seq, null]);
  const edge = edges.length === 0 ? '' : `, "edge": ${pythonJson(edges)}`;
  return `"${task.id}": {"info": ${pythonJson(info).slice(0, -1)}, ${points}], "transactions": {${transactions.join(', ')}}${edge}}`;
}

/** The dump's last section. */
export function projectsText(projects: readonly DemoProject[], at: number): string {
  const rows = projects.map((p) => [p.id, p.name, p.phid, at, at, 'project', 'blue']);
  const columns = projects.flatMap((p) => p.columns.map((name, i) => columnRow(p.id, p.phid, i, name, at)));
  // Of a board that nobody may see; and one that was hidden.
  columns.push(columnRow(privateProject.id, privateProject.phid, 0, 'Secret plans', at));
  columns.push([...columnRow(100, phid('PROJ', 100), 9, 'No longer used', at).with(3, 1)]);
  return `"project": {"projects": ${pythonJson(rows)}, "columns": ${pythonJson(columns)}}`;
}

function columnRow(project: number, projectPhid: string, index: number, name: string, at: number): unknown[] {
  const properties = index === 0 ? '{"isDefault":true}' : '[]';
  return [project * 100 + index, columnPhid(project, index), name, 0, index, projectPhid, at, at, properties];
}

import { phid } from './phids.ts';
import type { TrackerOptions } from './tracker-options.ts';

export interface DemoProject {
  readonly id: number;
  readonly phid: string;
  readonly name: string;
  /** Names of its board's columns; the first, empty, is the default one. */
  readonly columns: readonly string[];
}

/** Tags by which trackers mark kinds of work; their ids are those of the best known one. */
export const demoTags = { epic: 942, new: 1453, maintenance: 1454, category: 1656, goal: 2169 } as const;

const boardColumns = ['', 'Ready', 'Doing', 'Review', 'Done'];
const components = [
  'API',
  'Documentation',
  'Performance',
  'Accessibility',
  'Security "hardening" & <audits>',
];

/** Ids of a team's own projects: its board, and one for unplanned work. */
export function teamProjectId(team: number): number {
  return 100 + team * 10;
}

export function interruptProjectId(team: number): number {
  return 101 + team * 10;
}

export function componentProjectId(component: number): number {
  return 50 + component;
}

export const componentCount = components.length;

export function demoProjects(options: TrackerOptions): readonly DemoProject[] {
  const make = (id: number, name: string, columns: readonly string[] = []): DemoProject => ({
    id,
    name,
    columns,
    phid: phid('PROJ', id),
  });
  return [
    ...components.map((name, i) => make(componentProjectId(i), name)),
    ...options.teams.flatMap((team, i) => [
      make(teamProjectId(i), `Team ${team}`, boardColumns),
      make(interruptProjectId(i), `${team}: unplanned work`, ['', 'Doing']),
    ]),
    make(demoTags.epic, 'Epic'),
    make(demoTags.new, 'New functionality'),
    make(demoTags.maintenance, 'Maintenance'),
    make(demoTags.category, 'Category'),
    make(demoTags.goal, 'Goal'),
    make(3000, 'Nobody uses this project'),
  ];
}

export function columnPhid(project: number, column: number): string {
  return phid('PCOL', project * 100 + column);
}

/** A board that is not public: its columns are in the dump, the project is not. */
export const privateProject = { id: 7000, phid: phid('PROJ', 7000) } as const;
/** Named by edges, in the dump nowhere. */
export const unknownProject = { id: 7001, phid: phid('PROJ', 7001) } as const;

import type { Random } from '../../core/random.ts';
import { phid } from './phids.ts';
import {
  componentCount,
  componentProjectId,
  demoTags,
  interruptProjectId,
  privateProject,
  teamProjectId,
  unknownProject,
} from './projects.ts';
import { type DemoStep, type Manner, StepList } from './step-list.ts';
import type { TrackerTimeline } from './timeline.ts';
import { makeTitle } from './titles.ts';
import type { TrackerOptions } from './tracker-options.ts';

export interface DemoTask {
  readonly id: number;
  readonly phid: string;
  readonly title: string;
  readonly status: string;
  readonly priority: number;
  readonly points: number | null;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly steps: readonly DemoStep[];
  /** Type, phid and time of today's edges. */
  readonly edges: readonly (readonly [type: number, phid: string, at: number])[];
}

const day = 86_400;
const pointValues = [1, 2, 2, 3, 3, 5, 8];
const priorities = [50, 50, 50, 80, 80, 25, 90, 10, 100];
/** In winter holidays nobody works much. */
const holidays = /-12-2[3-9]|-12-3|-01-0[1-4]/;

const project = (id: number): string => phid('PROJ', id);

/** One task's invented life: filed, estimated, moved over its team's board, done or not. */
export class TaskLife {
  readonly #options: TrackerOptions;
  readonly #timeline: TrackerTimeline;
  readonly #id: number;
  readonly #phid: string;
  readonly #random: Random;
  readonly #isOdd: boolean;
  readonly #createdAt: number;
  readonly #list: StepList;
  readonly #edges: [number, string, number][] = [];
  #projects: readonly string[] = [];
  #status = 'open';
  #priority = 90;
  #points: number | null = null;

  constructor(id: number, options: TrackerOptions, timeline: TrackerTimeline) {
    this.#id = id;
    this.#options = options;
    this.#timeline = timeline;
    this.#phid = phid('TASK', id);
    this.#random = timeline.random(id, 'life');
    this.#isOdd = timeline.isOdd(id);
    this.#createdAt = timeline.createdAt(id);
    this.#list = new StepList(this.#manner());
  }

  make(): DemoTask {
    const team = this.#timeline.team(this.#id);
    const isInterrupt = this.#random.chance(0.18);
    this.#create(team, isInterrupt);
    this.#parents();
    if (this.#timeline.isCategory(this.#id)) this.#note();
    else this.#work(team, isInterrupt);
    this.#padding();
    return this.#finish();
  }

  #manner(): Manner {
    const isOld = this.#isOdd && this.#random.chance(0.5);
    return {
      bulkyEdges: isOld,
      numericPriorities: isOld,
      columnLists: this.#random.chance(0.3),
      bareMetadata: isOld && this.#random.chance(0.5),
    };
  }

  #create(team: number, isInterrupt: boolean): void {
    const at = this.#createdAt;
    const random = this.#random;
    // Since 2017 a task in the default status has no row that says so.
    if (this.#isOdd && random.chance(0.4)) this.#list.value('status', at, null, 'open');
    this.#setPriority(at, random.pick(priorities), null);
    const projects = [project(isInterrupt ? interruptProjectId(team) : teamProjectId(team))];
    if (random.chance(0.3)) projects.push(project(componentProjectId(random.below(componentCount))));
    if (random.chance(0.3)) projects.push(project(random.chance(0.6) ? demoTags.new : demoTags.maintenance));
    if (this.#timeline.isCategory(this.#id))
      projects.push(project(random.chance(0.7) ? demoTags.category : demoTags.goal));
    if (this.#isOdd && random.chance(0.2))
      projects.push(random.pick([privateProject.phid, unknownProject.phid]));
    // Some tasks were never tagged, and have no edge at all.
    if (this.#isOdd && random.chance(0.06)) return;
    this.#tag(at, projects);
  }

  /** Edges of the task, told in its own transactions as well as in those of its parent and children. */
  #parents(): void {
    const parent = this.#timeline.parentOf(this.#id);
    if (parent !== null) this.#link(4, [parent], this.#createdAt + 1);
    for (const child of this.#timeline.childrenOf(this.#id))
      this.#link(3, [child], this.#timeline.createdAt(child) + 1);
    // A mistake that trackers allow: the parent is also a child.
    if (parent !== null && this.#isOdd && this.#random.chance(0.1))
      this.#link(3, [parent], this.#createdAt + 2);
  }

  #link(type: number, tasks: readonly number[], at: number): void {
    const others = tasks.map((task) => phid('TASK', task));
    const before = this.#edges.filter(([known]) => known === type).map(([, other]) => other);
    this.#list.edges(at, type, before, [...before, ...others], this.#phid);
    for (const other of others) this.#edges.push([type, other, at]);
  }

  #note(): void {
    if (this.#random.chance(0.3)) this.#list.value('reassign', this.#createdAt + 60, null, phid('USER', 1));
  }

  /** Through the board, at the pace of a team that has other work as well. */
  #work(team: number, isInterrupt: boolean): void {
    const random = this.#random;
    const board = { id: isInterrupt ? interruptProjectId(team) : teamProjectId(team), phid: '' };
    const onBoard = { id: board.id, phid: project(board.id) };
    let at = this.#createdAt + Math.floor(random.logNormal(2 * day, 1));
    if (!isInterrupt && random.chance(0.75)) {
      this.#estimate(at, this.#isOdd && random.chance(0.2) ? 0.5 : random.pick(pointValues));
      if (random.chance(0.12)) this.#estimate(at + 12 * day, random.pick(pointValues));
      if (random.chance(0.03)) this.#estimate(at + 30 * day, null);
    }
    if (random.chance(0.2)) this.#setPriority(at + day, random.pick(priorities), this.#priority);
    if (random.chance(isInterrupt ? 0.05 : 0.25)) return;
    at += Math.floor(random.logNormal(isInterrupt ? 2 * day : 30 * day, 1.1));
    const columns = isInterrupt ? [1] : [1, 2, 3, 4];
    let column = 0;
    for (const next of columns) {
      this.#list.move(at, onBoard, column, next);
      column = next;
      if (this.#isOdd && random.chance(0.2)) this.#list.move(at + 40, onBoard, next, next);
      at = workday(at + Math.floor(random.logNormal(2 * day, 0.8)));
    }
    this.#end(workday(at), onBoard, column);
  }

  #end(at: number, board: { readonly id: number; readonly phid: string }, column: number): void {
    const random = this.#random;
    const choice = random.float();
    if (choice < 0.82) {
      this.#setStatus(at, 'resolved');
      if (random.chance(0.05)) {
        this.#setStatus(at + 3 * day, 'open');
        if (column > 0) this.#list.move(at + 3 * day, board, column, Math.max(1, column - 2));
        if (random.chance(0.8)) this.#setStatus(at + 9 * day, 'resolved');
      }
    } else if (choice < 0.88) this.#setStatus(at, random.pick(['declined', 'invalid']));
    else if (choice < 0.92) {
      // Merged: the task is closed, and no step says so.
      this.#list.value('reassign', at, null, phid('USER', 2));
      if (at <= this.#timeline.until) this.#status = 'duplicate';
    } else if (choice < 0.95) this.#setStatus(at, 'stalled');
    else if (choice < 0.98) {
      const other = project(componentProjectId(random.below(componentCount)));
      this.#tag(at, [...this.#projects.filter((phid) => phid !== board.phid), other]);
    }
    // Two steps of one second, of which the second counts.
    if (this.#isOdd && random.chance(0.2)) {
      this.#estimate(at, 13);
      this.#estimate(at, random.pick(pointValues));
    }
  }

  #tag(at: number, projects: readonly string[]): void {
    const after = [...new Set(projects)];
    this.#list.edges(at, 41, this.#projects, after, this.#phid);
    if (at > this.#timeline.until) return;
    this.#projects = after;
  }

  #estimate(at: number, points: number | null): void {
    this.#list.value('points', at, this.#points, points);
    if (at <= this.#timeline.until) this.#points = points;
  }

  #setPriority(at: number, priority: number, before: number | null): void {
    this.#list.priority(at, before, priority);
    if (at <= this.#timeline.until) this.#priority = priority;
  }

  #setStatus(at: number, status: string): void {
    this.#list.value('status', at, this.#status, status);
    if (at <= this.#timeline.until) this.#status = status;
  }

  /** Work that reports do not look at: mentions, changes of hands. */
  #padding(): void {
    const random = this.#random;
    const missing = this.#options.transactionsPerTask - this.#list.steps.length + random.below(5) - 2;
    for (let i = 0; i < missing; i += 1) {
      const at = this.#createdAt + 60 + Math.floor(random.logNormal(10 * day, 1.5));
      if (random.chance(0.5))
        this.#list.value('reassign', at, phid('USER', i), phid('USER', random.below(300)));
      else this.#list.edges(at, 51, [], [phid('TASK', 1 + random.below(this.#options.tasks))], this.#phid);
    }
  }

  #finish(): DemoTask {
    const steps = this.#list.steps
      .filter((step) => step.at <= this.#timeline.until)
      .sort((a, b) => a.at - b.at);
    const at = this.#createdAt;
    const edges = [
      ...this.#projects
        .filter((other) => other !== privateProject.phid && other !== unknownProject.phid)
        .map((other) => [41, other, at] as const),
      ...this.#edges.filter(([, , since]) => since <= this.#timeline.until),
    ];
    return {
      id: this.#id,
      phid: this.#phid,
      title: makeTitle(this.#timeline.random(this.#id, 'title'), this.#isOdd),
      status: this.#status,
      priority: this.#priority,
      points: this.#points,
      createdAt: at,
      modifiedAt: steps.at(-1)?.at ?? at,
      steps,
      edges,
    };
  }
}

/** From the weekend and the holidays to the next day of work. */
function workday(at: number): number {
  let moved = at;
  for (;;) {
    const date = new Date(moved * 1000);
    const weekday = date.getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !holidays.test(date.toISOString().slice(0, 10))) return moved;
    moved += day;
  }
}

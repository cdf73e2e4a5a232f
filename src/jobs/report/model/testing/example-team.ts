import { Random } from '../../../../core/random.ts';
import type { ExampleCategory } from './derive-model.ts';
import type { TaskLife, TaskState } from './task-life.ts';

export interface TeamOptions {
  readonly seed: number;
  readonly days: number;
  readonly categories: readonly ExampleCategory[];
  /** How many tasks there are on the first day, how many come a week, and how many the team finishes a week. */
  readonly initial: number;
  readonly arrivals: number;
  readonly velocity: number;
  readonly titles: (random: Random, id: number) => string;
}

interface LivingTask extends Omit<TaskLife, 'states'> {
  readonly states: TaskState[];
}

const priorities = [
  'Unbreak Now!',
  'High',
  'Medium',
  'Medium',
  'Medium',
  'Low',
  'Low',
  'Needs Triage',
  'Lowest',
];
const sizes = [1, 1, 2, 2, 3, 3, 5, 8, 13, 0.5, null];

/** A believable team: it works on weekdays, rests in the year's last week, reopens, re-estimates and drops things. */
export function exampleTeam(options: TeamOptions): readonly TaskLife[] {
  const random = new Random(options.seed, 'example team');
  const tasks: LivingTask[] = [];
  let [backlog, doing, done]: LivingTask[][] = [[], [], []];
  const create = (day: number) => {
    const id = 1000 + tasks.length * 3 + random.below(3);
    // Each category has its time: later ones come up later.
    const spread = options.categories.length * Math.min(1, 0.45 + day / options.days);
    const category = options.categories[random.below(Math.ceil(spread))]?.name ?? '';
    const points = random.pick(sizes);
    const task: LivingTask = {
      id,
      title: options.titles(random, id),
      priority: random.pick(priorities),
      work: random.chance(0.5) ? 'new' : random.chance(0.6) ? 'maintenance' : null,
      states: [{ from: day, state: 'open', category, points, column: '' }],
    };
    tasks.push(task);
    backlog?.push(task);
  };
  for (let i = 0; i < options.initial; i++) create(0);
  for (let day = 1; day < options.days; day++) {
    const weekday = day % 7 < 5 && day % 365 < 355;
    if (!weekday) continue;
    while (random.chance(options.arrivals / (options.arrivals + 5))) create(day);
    for (let n = 0; n < 40 && random.chance(options.velocity / (options.velocity + 5)); n++) {
      const task = doing?.shift();
      if (task === undefined) break;
      change(task, { from: day, state: 'resolved', column: 'Done' });
      done?.push(task);
    }
    while ((doing?.length ?? 0) < 6 + options.velocity / 2) {
      const task = backlog?.splice(random.below(Math.min(30, backlog.length)), 1)[0];
      if (task === undefined) break;
      change(task, { from: day, column: random.chance(0.5) ? 'Doing' : 'Needs review' });
      doing?.push(task);
    }
    if (random.chance(0.04)) reopen(day);
    if (random.chance(0.15)) reestimate(day);
    if (random.chance(0.08)) drop(day);
  }
  return tasks;

  function reopen(day: number): void {
    const task = done?.[random.below(done.length)];
    if (task === undefined || task.states.at(-1)?.state !== 'resolved') return;
    change(task, { from: day, state: 'open', column: 'Doing' });
    done = done?.filter((other) => other !== task);
    doing?.push(task);
  }

  function reestimate(day: number): void {
    const task = backlog?.[random.below(backlog.length)];
    if (task !== undefined) change(task, { from: day, points: random.pick(sizes) });
  }

  function drop(day: number): void {
    const task = backlog?.[random.below(backlog.length)];
    if (task === undefined) return;
    change(task, { from: day, category: null });
    backlog = backlog?.filter((other) => other !== task);
  }
}

function change(task: LivingTask, state: Partial<TaskState> & { readonly from: number }): void {
  const last = task.states.at(-1);
  if (last === undefined) return;
  // Two changes of one day: the state at its end is what counts.
  if (last.from === state.from) task.states.pop();
  task.states.push({ ...last, ...state });
}

import * as z from 'zod';
import { runStates } from '../../core/run-state.ts';

/** The shapes of the API's answers, as its description tells them; tests hold real answers against them. */
const at = z.iso.datetime().describe('UTC');
const failure = z.object({ code: z.string().describe('See `rota explain CODE`.'), message: z.string() });
const state = z.enum(runStates);
const holder = z.object({ host: z.string(), pid: z.int(), startedAt: at, version: z.string() });
const progress = z.object({
  stage: z.string(),
  done: z.number(),
  total: z.number(),
  unit: z.string(),
  revisionsPerSecond: z.number().optional(),
  bytesPerSecond: z.number().optional(),
  etaMs: z.number().optional(),
  text: z.string().optional(),
});

export const subjectStatus = z.object({
  job: z.string(),
  kind: z.string().describe('What the subject is: `wiki`, `scope` …'),
  subject: z.string(),
  state: z.union([state, z.literal('never')]),
  run: z.string().optional().describe('`job/subject/date`'),
  date: z.string().optional(),
  reason: z.string().optional(),
  error: failure.optional(),
  retryAt: at.optional(),
  progress: progress.optional(),
  holder: holder.optional(),
  startedAt: at.optional(),
  updatedAt: at.optional(),
  nextDueAt: at.optional(),
});

export const status = z.object({
  name: z.string(),
  at,
  counts: z.record(z.string(), z.int()),
  pauses: z.array(z.object({ scope: z.string(), at, by: z.string() })),
  subjects: z.array(subjectStatus),
});

export const run = z.object({
  id: z.string(),
  job: z.string(),
  subject: z.string(),
  date: z.string(),
  epoch: z.int(),
  state,
  reason: z.string().optional(),
  error: failure.optional(),
  retryAt: at.optional(),
  progress: progress.extend({ at }).optional(),
  holder: holder.optional(),
  dueAt: at,
  createdAt: at,
  updatedAt: at,
  startedAt: at.optional(),
  endedAt: at.optional(),
});

export const runs = z.object({
  runs: z.array(run),
  next: z.string().nullable().describe('`after` of the next, older portion; null: there are no more.'),
});

export const runDetails = z.object({
  run: run.extend({
    stages: z.array(
      z.object({
        name: z.string(),
        position: z.int(),
        state,
        tries: z.int(),
        reason: z.string().optional(),
        error: failure.optional(),
        startedAt: at.optional(),
        endedAt: at.optional(),
      }),
    ),
    sets: z.array(z.object({ set: z.string(), state: z.string(), reason: z.string() })),
  }),
  why: z.object({ sentences: z.array(z.string()) }),
  pieces: z.array(z.object({ stage: z.string(), counts: z.record(z.string(), z.int()) })),
});

export const log = z.object({ lines: z.array(z.string()) });

export const hosts = z.object({
  stages: z.array(z.object({ name: z.string(), state })),
  hosts: z.array(
    z.object({
      host: z.string(),
      group: z.string().optional(),
      state: z.enum(['unseen', 'seen', 'prepared', 'promoting', 'promoted', 'restored', 'failed']),
      cells: z
        .array(
          z.object({
            state: z.enum(['done', 'running', 'waiting', 'failed', 'none']),
            steps: z.int(),
            tookMs: z.number(),
            step: z.string().optional().describe('The step that failed, or the last one.'),
            code: z.string().optional(),
            message: z.string().optional(),
          }),
        )
        .describe('One for each of `stages`.'),
    }),
  ),
});

export const schedule = z.object({
  schedules: z.array(
    z.object({ job: z.string(), text: z.string(), subjects: z.int(), nextDueAt: at.nullable() }),
  ),
  missed: z
    .array(z.object({ run: z.string(), job: z.string(), subject: z.string(), dueAt: at }))
    .describe('Due times of the last 30 days for which there is no run, newest first.'),
});

export const scope = z.object({
  name: z.string(),
  shown: z.string().describe('Path of its file.'),
  text: z.string(),
  digest: z.string().describe('`base` of the next `save`.'),
  readOnly: z.string().nullable().describe('Why it may not be saved here.'),
});

export const scopePreview = z.object({
  rules: z.array(
    z.object({
      kind: z.string(),
      title: z.string().nullable(),
      display: z.string(),
      tasks: z.int(),
      gained: z.int(),
      lost: z.int(),
      isGone: z.boolean().describe('It is not among the new rules.'),
    }),
  ),
  asOf: z.string(),
  problems: z.array(z.string()),
  gained: z.int(),
  lost: z.int(),
  moved: z.int().describe('Tasks in another category.'),
  report: z.string().describe('Where the whole report can be looked at, for a while.'),
  patch: z.string(),
});

export const changed = z.object({ run: z.string(), state });

export const refusal = z.object({ error: z.string(), message: z.string() });

import { RotaError } from './errors/rota-error.ts';

/** Branded ids: a plain string does not pass for one. */
declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** A named recipe of stages, such as `full-dump`. */
export type JobName = Brand<string, 'JobName'>;
/** What a job runs on: a wiki, a scope, an environment. */
export type Subject = Brand<string, 'Subject'>;
/** `<job>/<subject>/<date or version>`, such as `full-dump/frwiki/20261122`. */
export type RunId = Brand<string, 'RunId'>;

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$/;

export function isName(text: string): boolean {
  return namePattern.test(text) && text !== '..' && !text.endsWith('.');
}

export function jobName(text: string): JobName {
  return checked(text, 'job') as JobName;
}

export function subjectName(text: string): Subject {
  return checked(text, 'subject') as Subject;
}

export function runId(job: JobName, subject: Subject, date: string): RunId {
  return `${job}/${subject}/${checked(date, 'date or version')}` as RunId;
}

export function parseRunId(text: string): { job: JobName; subject: Subject; date: string; id: RunId } {
  const parts = text.split('/');
  const [job, subject, date] = parts;
  if (parts.length !== 3 || job === undefined || subject === undefined || date === undefined) {
    throw new RotaError(
      'USAGE',
      `"${text}" is no run: give <job>/<subject>/<date>, such as full-dump/frwiki/20261122`,
    );
  }
  return {
    job: jobName(job),
    subject: subjectName(subject),
    date: checked(date, 'date or version'),
    id: text as RunId,
  };
}

function checked(text: string, what: string): string {
  if (isName(text)) return text;
  throw new RotaError(
    'USAGE',
    `${JSON.stringify(text)} cannot be a ${what}: use letters, digits, ".", "-" and "_", beginning with a letter or digit`,
  );
}

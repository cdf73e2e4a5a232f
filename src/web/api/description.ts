import * as z from 'zod';
import { runChanges } from '../../operations/runs/change-run.ts';
import { roleFor } from '../actions.ts';
import type { Face } from '../face.ts';
import * as schemas from './schemas.ts';

interface Operation {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  /** Null: it is text. */
  readonly answer: z.ZodType | null;
  /** Of text; server-sent events when left out. */
  readonly kind?: string;
  readonly faces: readonly Face[];
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

const both: readonly Face[] = ['operators', 'public'];
const inside: readonly Face[] = ['operators'];

const operations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/status',
    summary: 'How the newest run of every subject is; on the public face only of public ones',
    answer: schemas.status,
    faces: both,
  },
  {
    method: 'get',
    path: '/api/v1/runs',
    summary: 'Runs, newest first',
    answer: schemas.runs,
    faces: inside,
    query: {
      job: 'only of this job',
      subject: 'only of this subject',
      state: 'only in this state',
      limit: 'at most so many (default 50, at most 500)',
      after: 'go on after this run',
    },
  },
  {
    method: 'get',
    path: '/api/v1/runs/{job}/{subject}/{date}',
    summary: 'A run with its stages, pieces, held sets and why it is as it is',
    answer: schemas.runDetails,
    faces: inside,
  },
  {
    method: 'get',
    path: '/api/v1/runs/{job}/{subject}/{date}/log',
    summary: 'The last lines of its log',
    answer: schemas.log,
    faces: inside,
    query: { lines: 'so many (default 200, at most 2000)' },
  },
  {
    method: 'get',
    path: '/api/v1/runs/{job}/{subject}/{date}/hosts',
    summary:
      'A deployment as hosts × stages, live; 404 for other runs, and where its workspace is on another machine',
    answer: schemas.hosts,
    faces: inside,
  },
  {
    method: 'get',
    path: '/api/v1/schedule',
    summary: 'When jobs are due, and what was missed',
    answer: schemas.schedule,
    faces: inside,
  },
  {
    method: 'get',
    path: '/api/v1/events',
    summary: 'Server-sent events: `changed` with a version as soon as something may have changed',
    answer: null,
    faces: both,
  },
  {
    method: 'get',
    path: '/api/v1/scopes/{scope}',
    summary: 'The file of a scope that has one of its own',
    answer: schemas.scope,
    faces: inside,
  },
  {
    method: 'post',
    path: '/api/v1/scopes/{scope}/preview',
    summary: 'What other rules would catch; needs a token with the role operate',
    answer: schemas.scopePreview,
    faces: inside,
    form: { text: 'the whole file' },
  },
  {
    method: 'post',
    path: '/api/v1/scopes/{scope}/save',
    summary:
      'Puts a text in place of the file, unless it was changed meanwhile; needs a token with the role operate',
    answer: schemas.scope,
    faces: inside,
    form: { text: 'the whole file', base: '`digest` of the text from which editing began' },
  },
  {
    method: 'post',
    path: '/api/v1/scopes/{scope}/patch',
    summary: 'The difference to the file, for `git apply`; needs a token with the role operate',
    answer: null,
    kind: 'text/x-diff',
    faces: inside,
    form: { text: 'the whole file' },
  },
  ...runChanges.map(
    (change): Operation => ({
      method: 'post',
      path: `/api/v1/runs/{job}/{subject}/{date}/${change}`,
      summary: `${change.charAt(0).toUpperCase()}${change.slice(1)} a run; needs a token with the role ${roleFor(change)}`,
      answer: schemas.changed,
      faces: inside,
      form: {
        ...(change === 'approve' || change === 'reject' ? { sets: 'only these held sets (commas)' } : {}),
        ...(change === 'hold' ? { reason: 'why' } : {}),
      },
    }),
  ),
];

/** The API in OpenAPI 3.1, of what a face has. */
export function describeApi(face: Face, version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations.filter(({ faces }) => faces.includes(face))) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Rota', version, description: 'What a farm does, and what may be done about it.' },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Made by `rota token add`.' },
      },
    },
  };
}

function described(operation: Operation): object {
  const { path, summary, answer, method, query = {}, form = {}, kind = 'text/event-stream' } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  const ok =
    answer === null
      ? { [kind]: { schema: { type: 'string' } } }
      : { 'application/json': { schema: z.toJSONSchema(answer) } };
  const refused = {
    description: 'refused',
    content: { 'application/json': { schema: z.toJSONSchema(schemas.refusal) } },
  };
  return {
    summary,
    operationId: `${method}${path.replaceAll(/[^a-z]+(\w)/gi, (_, letter: string) => letter.toUpperCase()).replaceAll(/\W/g, '')}`,
    ...(inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] }),
    ...(Object.keys(form).length === 0
      ? {}
      : {
          requestBody: {
            content: {
              'application/x-www-form-urlencoded': {
                schema: {
                  type: 'object',
                  properties: Object.fromEntries(
                    Object.entries(form).map(([name, description]) => [
                      name,
                      { type: 'string', description },
                    ]),
                  ),
                },
              },
            },
          },
        }),
    ...(method === 'post' ? { security: [{ token: [] }] } : {}),
    responses: {
      200: { description: 'done', content: ok },
      ...(method === 'post' ? { 401: refused, 403: refused, 409: refused } : {}),
      ...(inPath.length > 0 ? { 404: refused } : {}),
    },
  };
}

import { describeApi } from '../../web/api/description.ts';

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly description?: string;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

/** docs/reference/api.md, from the description that the server gives of itself. */
export function apiPage(): string {
  const { paths } = describeApi('operators', '') as Description;
  const open = Object.keys((describeApi('public', '') as Description).paths);
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      section(path, method, operation, open.includes(path)),
    ),
  );
  return `${intro}${sections.join('\n\n')}\n`;
}

const intro = `# The HTTP API

<!-- Made by \`npm run docs\` from src/web/api. Do not edit. -->

\`rota serve\` answers below \`/api/v1\` ([the web pages](../guides/web.md)); \`/api/v1/openapi.json\` describes the same in OpenAPI 3.1.
Answers are JSON, times UTC. What changes something is a POST of a form with \`Authorization: Bearer TOKEN\` (\`rota token add\`).
A refusal is \`{ "error": CODE, "message": … }\` with the status 400 (not understood), 401 (no token, or an unknown one), 403 (its role
does not suffice), 404, 409 (not as things are), 413, 422 (what was sent has faults) or 429 (too much; \`Retry-After\`).

`;

function section(path: string, method: string, operation: Operation, isOpen: boolean): string {
  const { summary, parameters = [], requestBody, responses } = operation;
  const parts = [`## ${method.toUpperCase()} ${path.replace('/api/v1', '')}`];
  parts.push(`${summary}.${isOpen ? ' Also on the public face.' : ''}`);
  const query = parameters.filter((one) => one.in === 'query');
  if (query.length > 0)
    parts.push(
      table(
        'query',
        query.map((one) => [one.name, one.description ?? '']),
      ),
    );
  const form = Object.values(requestBody?.content ?? {})[0]?.schema.properties ?? {};
  const fields = Object.entries(form).map(([name, schema]) => [name, schema.description ?? ''] as const);
  if (fields.length > 0) parts.push(table('field', fields));
  const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(responses['200']?.content ?? {});
  if (type !== 'application/json') parts.push(`Answer: \`${type}\`.`);
  else parts.push(answerTable(schema));
  return parts.join('\n\n');
}

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, meaning]) => `| \`${name}\` | ${cell(meaning)} |`);
  return [`| ${title} | meaning |`, '|---|---|', ...lines].join('\n');
}

/** A line a field, those within others by their path: `runs[].state`. */
function answerTable(schema: Schema): string {
  const rows = fieldsOf(schema, '').map(
    ([name, type, meaning]) => `| \`${name}\` | ${cell(type)} | ${cell(meaning)} |`,
  );
  return ['| answer | type | |', '|---|---|---|', ...rows].join('\n');
}

function fieldsOf(schema: Schema, prefix: string): readonly (readonly [string, string, string])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isNeeded = schema.required?.includes(name) === true;
    const path = `${prefix}${name}`;
    const type = `${typeOf(field)}${isNeeded ? '' : ', may be left out'}`;
    const inner = field.items ?? field;
    const below = inner.properties === undefined ? [] : fieldsOf(inner, `${path}${field.items ? '[]' : ''}.`);
    return [[path, type, field.description ?? ''] as const, ...below];
  });
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.join(', ');
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object')
    return `object of ${typeOf(schema.additionalProperties)}`;
  return schema.format === 'date-time' ? 'time' : (schema.type ?? 'any');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}

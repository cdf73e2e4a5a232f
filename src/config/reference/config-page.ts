import { configJsonSchema, type JsonSchema } from '../json-schema.ts';
import { starterText } from '../starter/starter-text.ts';

/** docs/reference/config.md. */
export function configPage(): string {
  const schema = configJsonSchema();
  const sections = Object.entries(schema.properties ?? {}).map(([key, property]) =>
    section(key, property, schema),
  );
  return [intro, ...sections].join('\n').replace(/\n{3,}/g, '\n\n');
}

const intro = `# rota.yaml

<!-- Made by \`npm run docs\` from src/config/schema. Do not edit. -->

One file describes a farm: its wikis and the jobs that run on them. It is the one that \`--config\` or \`ROTA_CONFIG\`
names, else the first \`rota.yaml\` in the folder where a command is run and those above.

- \`rota init\` writes one to start from, \`rota config check\` lists every fault with its place, \`rota config show\` prints
  what the file comes to, \`rota config schema\` prints a JSON schema for editors.
- It is taken as a whole: while it has a fault, nothing runs.
- Secrets do not belong in it: \`passwordFile\` and \`tokenFile\` name a file whose first line is the secret,
  \`passwordVariable\` and \`tokenVariable\` an environment variable.

| kind of value | is written |
|---|---|
| duration | \`90s\`, \`30m\`, \`12h\`, \`7d\`, \`1d 12h\` (units ms, s, m or min, h, d, w) |
| size | \`32MiB\`, \`35GB\` (units B, kB, MB, GB, TB, KiB, MiB, GiB, TiB) |
| share | \`5%\` |
| path | relative to the folder of the file, or absolute |
| database URL | \`mysql://user@host[:port]/database[?socket=/path]\` (MariaDB and MySQL), \`sqlite:path\` |
| cron expression | \`"0 2 1,20 * *"\`: minute, hour, day of the month, month, day of the week |

## A beginning

\`\`\`yaml
${starterText({
  name: 'frwiki',
  database: 'mysql://reader@db.example.org/frwiki',
  siteinfo: 'https://fr.example.org/w/api.php',
  passwordFile: './frwiki.password',
}).trimEnd()}
\`\`\`
`;

function section(key: string, schema: JsonSchema, root: JsonSchema): string {
  const isNeeded = root.required?.includes(key) === true;
  const text = `${schema.description ?? ''}${isNeeded ? ' Needed.' : ''}`;
  if (key === 'wikiDefaults') return `## ${key}\n\n${text} Its keys are those of \`wikis.<name>\`.\n`;
  if (schema.properties !== undefined) return `## ${key}\n\n${text}\n\n${rowsTable(schema, '')}\n`;
  if (typeof schema.additionalProperties === 'object') {
    const named = schema.additionalProperties;
    const table = named.properties === undefined ? valueLine(named) : rowsTable(named, '<name>.');
    return `## ${key}\n\n${text}\n\n${table}\n`;
  }
  const within = mapWithin(schema);
  const map = within === schema ? '' : `\n\n${rowsTable(within, '')}`;
  return `## ${key}\n\n${text}\n\n${valueLine(schema)}${map}\n`;
}

function valueLine(schema: JsonSchema): string {
  const value = schema.default === undefined ? '' : `; by default ${shown(schema.default)}`;
  return `Value: ${kindOf(schema)}${value}.`;
}

function rowsTable(schema: JsonSchema, prefix: string): string {
  return ['| key | value | default | meaning |', '|---|---|---|---|', ...rowsOf(schema, prefix)].join('\n');
}

function rowsOf(schema: JsonSchema, prefix: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    const fallback = property.default === undefined ? '' : shown(property.default);
    const needed = schema.required?.includes(key) === true ? 'needed' : fallback;
    // The wiki's own settings of the job are those of the job.
    const isRepeated = name === '<name>.full-dump';
    const row = `| \`${name}\` | ${cell(isRepeated ? 'map' : kindOf(property))} | ${cell(needed)} | ${cell(
      `${property.description ?? ''}${isRepeated ? ' Its keys are those of `jobs.full-dump` from `outputs` on.' : ''}`,
    )} |`;
    const nested = isRepeated ? [] : rowsOf(mapWithin(property), `${name}.`);
    return [row, ...nested];
  });
}

/** The map that a key holds, or may hold. */
function mapWithin(schema: JsonSchema): JsonSchema {
  return schema.anyOf?.find((branch) => branch.properties !== undefined) ?? schema;
}

function kindOf(schema: JsonSchema): string {
  if (schema.$comment !== undefined) return schema.$comment;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${String(word)}\``).join(', ');
  if (schema.anyOf !== undefined) return unionOf(schema.anyOf);
  if (schema.items !== undefined) return `list of ${kindOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object')
    return `map of names to ${kindOf(schema.additionalProperties)}`;
  const words: Readonly<Record<string, string>> = {
    object: 'map',
    string: 'text',
    integer: 'whole number',
    boolean: '`true`, `false`',
  };
  return words[schema.type ?? ''] ?? 'any';
}

/** `off` stands last; a word or a list of the same words is said once. */
function unionOf(branches: readonly JsonSchema[]): string {
  const [one, list] = branches;
  if (one?.enum !== undefined && list?.items !== undefined) return `one or a list of ${kindOf(one)}`;
  return [...branches]
    .sort((a, b) => Number(a.const === 'off') - Number(b.const === 'off'))
    .map(kindOf)
    .join(' or ');
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `\`[${value.join(', ')}]\``;
  return value === '' ? '' : `\`${String(value)}\``;
}

function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replace(/(?<!`)<(?!name>`)/g, '&lt;')
    .replaceAll('\n', ' ');
}

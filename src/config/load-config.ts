import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { RotaError } from '../core/errors/rota-error.ts';
import type { FarmConfig } from './farm-config.ts';
import { ConfigDocument } from './faults/document.ts';
import { type Fault, formatFault, inFileOrder } from './faults/fault.ts';
import { faultsOfIssues } from './faults/faults-of-issues.ts';
import { withoutFaulty } from './faults/without-faulty.ts';
import { configJsonSchema, keysAt } from './json-schema.ts';
import { readOnce } from './read-once.ts';
import { resolveFarm } from './resolve/farm.ts';
import { Report } from './resolve/report.ts';
import { farmSchema } from './schema/farm.ts';

export interface LoadOptions {
  /** For secrets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Files are named relative to this folder in messages. */
  readonly cwd: string;
}

export interface LoadedConfig {
  readonly config: FarmConfig;
  /** Doubtful, but usable. */
  readonly warnings: readonly Fault[];
}

/**
 * Reads rota.yaml. It is taken as a whole or not at all.
 * @throws RotaError CONFIG_NOT_FOUND; CONFIG_INVALID with every fault in the message and, as objects, in `facts.faults`
 */
export async function loadConfig(file: string, options: LoadOptions): Promise<LoadedConfig> {
  const absolute = resolve(options.cwd, file);
  const shown = shortName(absolute, options.cwd);
  let text: string;
  try {
    text = await readFile(absolute, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new RotaError('CONFIG_NOT_FOUND', `${shown}: ${why}; make one with \`rota init\``, {
      cause: error,
    });
  }
  const { config, faults } = readConfig(text, absolute, shown, options);
  const errors = faults.filter((fault) => fault.severity === 'error');
  if (config === null || errors.length > 0) {
    const count = errors.length === 1 ? 'one fault' : `${errors.length} faults`;
    throw new RotaError(
      'CONFIG_INVALID',
      [`${shown} has ${count}:`, ...faults.map(formatFault)].join('\n  '),
      {
        facts: { faults },
      },
    );
  }
  return { config, warnings: faults };
}

function readConfig(
  text: string,
  file: string,
  shown: string,
  options: LoadOptions,
): { readonly config: FarmConfig | null; readonly faults: readonly Fault[] } {
  const document = new ConfigDocument(shown, text);
  const { syntaxFaults } = document;
  // Where YAML itself is broken, what would be found behind the break is not what was meant.
  if (syntaxFaults.some((fault) => fault.severity === 'error')) return { config: null, faults: syntaxFaults };
  const value = document.toValue();
  const parsed = farmSchema.safeParse(value, readOnce);
  if (parsed.success) {
    const report = new Report(document);
    const config = resolveFarm(parsed.data, { ...options, file, cores: availableParallelism(), report });
    return { config, faults: inFileOrder([...syntaxFaults, ...report.faults]) };
  }
  const schema = configJsonSchema();
  const found = faultsOfIssues(document, parsed.error.issues, (path) => keysAt(schema, path));
  const beyond = faultsBeyond(document, value, file, options).filter((fault) => !isConsequence(fault, found));
  return { config: null, faults: inFileOrder([...syntaxFaults, ...withoutMisspelt([...found, ...beyond])]) };
}

/** Stands in for what cannot be left out, while other faults are looked for; faults of its own are not told. */
const stopgap = { output: { public: 'public', private: 'private' }, wikis: {} };

/** What else is wrong, seen with the faulty parts taken out: a password file that is not there, say. */
function faultsBeyond(
  document: ConfigDocument,
  value: unknown,
  file: string,
  options: LoadOptions,
): readonly Fault[] {
  const rest = withoutFaulty(value, farmSchema, stopgap);
  if (rest === null) return [];
  const report = new Report(document);
  resolveFarm(rest, { ...options, file, cores: 1, report });
  return report.faults;
}

/** What is missing only because its key is misspelt is told once, at that key. */
function withoutMisspelt(faults: readonly Fault[]): readonly Fault[] {
  const parent = (key: string) => key.slice(0, key.lastIndexOf('.') + 1);
  const meant = faults.filter((f) => f.nearest !== null).map((f) => `${parent(f.key)}${f.nearest}`);
  return faults.filter(
    ({ key, message }) => !(message.startsWith('is missing') && meant.some((outer) => within(key, outer))),
  );
}

/** Faults at (or around, or within) what was taken out would only repeat it. */
function isConsequence(fault: Fault, found: readonly Fault[]): boolean {
  return found.some((other) => within(fault.key, other.key) || within(other.key, fault.key));
}

function within(key: string, outer: string): boolean {
  return key === outer || key.startsWith(`${outer}.`) || key.startsWith(`${outer}[`) || outer === '';
}

function shortName(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short.startsWith('..') ? file : short;
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StoreAddress } from '../farm-config.ts';
import type { ParsedFarm } from '../schema/farm.ts';
import type { Report } from './report.ts';
import type { SecretReader } from './secrets.ts';

interface Context {
  readonly folder: string;
  readonly secrets: SecretReader;
  readonly report: Report;
}

export function resolveStore(parsed: ParsedFarm['store'], context: Context): StoreAddress {
  const { folder, secrets, report } = context;
  if (parsed === undefined) return { kind: 'sqlite', file: resolve(folder, 'rota.db') };
  if ('kind' in parsed) return { kind: 'sqlite', file: resolve(folder, parsed.file) };
  const password = secrets.read({
    file: parsed.passwordFile,
    variable: parsed.passwordVariable,
    filePath: ['store', 'passwordFile'],
    variablePath: ['store', 'passwordVariable'],
  });
  if (
    parsed.user !== undefined &&
    parsed.passwordFile === undefined &&
    parsed.passwordVariable === undefined
  ) {
    report.fault(['store', 'user'], 'a user needs a password: name its file with passwordFile');
  }
  if (parsed.user === undefined && password !== null) report.fault(['store'], 'a password needs a user');
  if ((parsed.cert === undefined) !== (parsed.key === undefined)) {
    report.fault(['store', parsed.cert === undefined ? 'key' : 'cert'], 'cert and key go together');
  }
  const isTls = parsed.etcd.map((endpoint) => endpoint.startsWith('https:'));
  if (parsed.ca !== undefined && !isTls.every(Boolean)) {
    report.fault(['store', 'ca'], 'with TLS every address begins with https:');
  }
  if (parsed.user !== undefined && !isTls.every(Boolean)) {
    report.warn(['store', 'etcd'], 'the password goes over the network as it is; use https:');
  }
  const pem = (key: 'ca' | 'cert' | 'key') => readPem(parsed[key], key, context);
  return {
    kind: 'etcd',
    endpoints: parsed.etcd,
    prefix: parsed.prefix ?? '/rota/',
    user: parsed.user === undefined || password === null ? null : { name: parsed.user, password },
    ca: pem('ca'),
    cert: pem('cert'),
    key: pem('key'),
  };
}

/** The absolute path; the file is read when the store is opened, here only to say early that it cannot be. */
function readPem(path: string | undefined, key: string, { folder, report }: Context): string | null {
  if (path === undefined) return null;
  const file = resolve(folder, path);
  try {
    if (!readFileSync(file, 'utf8').includes('-----BEGIN '))
      report.fault(['store', key], 'this file holds no PEM');
  } catch (error) {
    report.fault(
      ['store', key],
      `this file cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  }
  return file;
}

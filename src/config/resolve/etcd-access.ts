import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type * as z from 'zod';
import type { EtcdAccess } from '../etcd-access.ts';
import type { Path } from '../faults/document.ts';
import type { etcdAccess } from '../schema/etcd-access.ts';
import type { Report } from './report.ts';
import type { SecretReader } from './secrets.ts';

export interface EtcdAccessContext {
  readonly folder: string;
  readonly secrets: SecretReader;
  readonly report: Report;
}

type Parsed = z.output<z.ZodObject<typeof etcdAccess>> & { readonly etcd: readonly string[] };

/** Login and certificates for an etcd cluster. @param at where they stand in rota.yaml */
export function resolveEtcdAccess(parsed: Parsed, at: Path, context: EtcdAccessContext): EtcdAccess {
  const { secrets, report } = context;
  const password = secrets.read({
    file: parsed.passwordFile,
    variable: parsed.passwordVariable,
    filePath: [...at, 'passwordFile'],
    variablePath: [...at, 'passwordVariable'],
  });
  if (
    parsed.user !== undefined &&
    parsed.passwordFile === undefined &&
    parsed.passwordVariable === undefined
  ) {
    report.fault([...at, 'user'], 'a user needs a password: name its file with passwordFile');
  }
  if (parsed.user === undefined && password !== null) report.fault(at, 'a password needs a user');
  if ((parsed.cert === undefined) !== (parsed.key === undefined)) {
    report.fault([...at, parsed.cert === undefined ? 'key' : 'cert'], 'cert and key go together');
  }
  const isTls = parsed.etcd.map((endpoint) => endpoint.startsWith('https:'));
  if (parsed.ca !== undefined && !isTls.every(Boolean)) {
    report.fault([...at, 'ca'], 'with TLS every address begins with https:');
  }
  if (parsed.user !== undefined && !isTls.every(Boolean)) {
    report.warn([...at, 'etcd'], 'the password goes over the network as it is; use https:');
  }
  const pem = (key: 'ca' | 'cert' | 'key') => readPem(parsed[key], [...at, key], context);
  return {
    user: parsed.user === undefined || password === null ? null : { name: parsed.user, password },
    ca: pem('ca'),
    cert: pem('cert'),
    key: pem('key'),
  };
}

/** The absolute path; the file is read when the store is opened, here only to say early that it cannot be. */
function readPem(path: string | undefined, at: Path, { folder, report }: EtcdAccessContext): string | null {
  if (path === undefined) return null;
  const file = resolve(folder, path);
  try {
    if (!readFileSync(file, 'utf8').includes('-----BEGIN ')) report.fault(at, 'this file holds no PEM');
  } catch (error) {
    report.fault(at, `this file cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  return file;
}

import { readFileSync } from 'node:fs';
import type { EtcdAccess } from './etcd-access.ts';

export interface EtcdLogin {
  /** PEM texts. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly user?: { readonly name: string; readonly password: string };
}

/**
 * What a client of etcd is given. Files are read anew each time, for certificates are renewed.
 * @throws the file system's error, with its path
 */
export function etcdLogin(access: EtcdAccess): EtcdLogin {
  const { user } = access;
  const tls: { ca?: string; cert?: string; key?: string } = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const file = access[part];
    if (file !== null) tls[part] = readFileSync(file, 'utf8');
  }
  return {
    tls,
    ...(user === null ? {} : { user: { name: user.name, password: user.password.reveal() } }),
  };
}

import { resolve } from 'node:path';
import type { SqliteAddress } from './database-config.ts';
import type { EtcdAddress, StoreAddress } from './farm-config.ts';

/** `sqlite:FILE`; null when it is something else. */
export function parseSqliteAddress(text: string, folder: string): SqliteAddress | null {
  const file = /^sqlite:(.+)$/.exec(text)?.[1];
  return file === undefined ? null : { kind: 'sqlite', file: resolve(folder, file) };
}

/**
 * `etcd://h1:2379,h2:2379/farm` (`etcds://` with TLS); null when it is something else. Login and certificates are taken
 * from the store that rota.yaml names, if that is an etcd.
 */
export function parseEtcdAddress(text: string, known: StoreAddress): EtcdAddress | null {
  const match = /^etcd(s?):\/\/([^/@\s]+)((?:\/[A-Za-z0-9_.-]+)*)\/?$/.exec(text);
  if (match === null) return null;
  const [, tls, hosts = '', path = ''] = match;
  const endpoints = hosts.split(',').map((host) => `http${tls}://${host}`);
  if (!endpoints.every((endpoint) => URL.canParse(endpoint))) return null;
  const { user, ca, cert, key } = known.kind === 'etcd' ? known : noSecrets;
  return { kind: 'etcd', endpoints, prefix: path === '' ? '/rota/' : `${path}/`, user, ca, cert, key };
}

const noSecrets = { user: null, ca: null, cert: null, key: null } as const;

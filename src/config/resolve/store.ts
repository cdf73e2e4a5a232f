import { resolve } from 'node:path';
import type { StoreAddress } from '../farm-config.ts';
import type { ParsedFarm } from '../schema/farm.ts';
import { type EtcdAccessContext, resolveEtcdAccess } from './etcd-access.ts';

export function resolveStore(parsed: ParsedFarm['store'], context: EtcdAccessContext): StoreAddress {
  const { folder } = context;
  if (parsed === undefined) return { kind: 'sqlite', file: resolve(folder, 'rota.db') };
  if ('kind' in parsed) return { kind: 'sqlite', file: resolve(folder, parsed.file) };
  return {
    kind: 'etcd',
    endpoints: parsed.etcd,
    prefix: parsed.prefix ?? '/rota/',
    ...resolveEtcdAccess(parsed, ['store'], context),
  };
}

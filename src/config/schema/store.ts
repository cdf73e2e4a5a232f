import * as z from 'zod';
import { storeUrl } from './addresses.ts';
import { etcdAccess } from './etcd-access.ts';
import { group, required, setting } from './setting.ts';
import { httpUrl, listOf } from './values.ts';

const endpoints = listOf(httpUrl).min(1, { error: 'at least one address such as https://h1:2379' });

const prefixForm = 'a path such as /rota/';
const prefix = z
  .string({ error: prefixForm })
  .regex(/^\/(?:[A-Za-z0-9_.-]+\/)+$/, { error: prefixForm })
  .meta({ kind: 'text' });

const etcdStore = group({
  etcd: required(endpoints, 'The members of one etcd cluster, such as [https://h1:2379, https://h2:2379].'),
  prefix: setting(prefix, 'All keys begin with it; farms that share a cluster need one each.', '/rota/'),
  ...etcdAccess,
});

/** `sqlite:file`, or a map with `etcd`. */
export const store = z.union([storeUrl, etcdStore], { error: 'sqlite:file, or a map with etcd' });

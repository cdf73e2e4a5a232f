import * as z from 'zod';
import { etcdAccess } from './etcd-access.ts';
import { group, required, setting } from './setting.ts';
import { choice, duration, httpUrl, share, text } from './values.ts';

const nameForm = 'a name without slashes';
const segment = z.string({ error: nameForm }).regex(/^[^/\s\p{Cc}]+$/u, { error: nameForm });
const prefixForm = 'a path such as /conftool/v1/pools';
const prefix = z.string({ error: prefixForm }).regex(/^(?:\/[^/\s\p{Cc}]+)+$/u, { error: prefixForm });

const poolForm = 'a pool as <dc>/<cluster>/<service>';
/** A pool within the prefix. */
export const poolName = z
  .string({ error: poolForm })
  .regex(/^[^/\s\p{Cc}]+(?:\/[^/\s\p{Cc}]+){2}$/u, { error: poolForm });

/** `pools:` of an environment. */
export const pools = group({
  etcd: required(
    z.array(httpUrl, { error: 'a list of addresses' }).min(1, { error: 'a list of addresses' }),
    'The members of the etcd cluster that holds the pools.',
  ),
  api: setting(
    choice(['v2', 'v3']),
    'How etcd is spoken to. Logins and certificates of ours are for `v3` only.',
    'v3',
  ),
  ...etcdAccess,
  prefix: setting(
    prefix,
    'What stands before `<dc>/<cluster>/<service>/<host>` in keys.',
    '/conftool/v1/pools',
  ),
  services: setting(
    z.array(
      group({
        dc: required(segment, 'The data centre.'),
        cluster: required(segment, 'The cluster.'),
        service: required(segment, 'The service.'),
        floor: setting(share, 'The share of the hosts in the pool that stays in it at any time.', '50%'),
        pybal: setting(
          z.array(
            group({
              url: required(httpUrl, 'The address of its state page, such as http://lvs1:9090.'),
              pool: required(text, 'What it calls the pool, such as apache_80.'),
            }),
            { error: 'a list of load balancers' },
          ),
          'PyBals that must agree before a host is switched, and before it counts as pooled again.',
        ),
      }),
      { error: 'a list of services' },
    ),
    'What the hosts offer. A host leaves all of its services, or none. May be left out only where hosts come from a pool.',
  ),
  wait: setting(
    duration,
    'How long a wave waits for etcd, for the floor, and for load balancers to agree.',
    '2m',
  ),
  grace: setting(duration, 'How long a host works on requests that it has, after it left the pools.', '3s'),
});

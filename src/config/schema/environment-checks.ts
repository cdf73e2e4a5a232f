import * as z from 'zod';
import { group, required, setting } from './setting.ts';
import { choice, count, duration, httpUrl, listOf, path, text } from './values.ts';

const userForm = 'the name of a user on the hosts';
const userName = z.string({ error: userForm }).regex(/^[a-z_][a-z0-9_-]{0,31}$/i, { error: userForm });
const positive = z.number({ error: 'a number above 0' }).positive({ error: 'a number above 0' });
const number = z.number({ error: 'a number' });

const log = group({
  file: required(path, 'The log on the host, below its `root` if it has one.'),
  pattern: required(text, 'What is counted: lines that match, as `grep -E` has it.'),
  window: setting(duration, 'How long it is watched after the switch.', '20s'),
  limit: setting(count(0), 'As many matching lines are never a fault.', 0),
  factor: setting(
    positive,
    'A fault is more than so many times the rate of before, and that of hosts that were not switched yet.',
    2,
  ),
  minimum: setting(count(0), 'With fewer lines in the window there is not enough traffic to tell.', 100),
});

const metric = group({
  url: required(httpUrl, 'The address of a Prometheus server.'),
  query: required(text, 'A query with one number for its answer; `{host}` and `{version}` are replaced.'),
  window: setting(duration, 'How long is waited after the switch.', '20s'),
  max: setting(number, 'More is a fault, whatever it was before.'),
  factor: setting(
    positive,
    'A fault is more than so many times what it was before, and what it is on hosts that were not switched yet.',
  ),
});

/** One of `checks:` of an environment. */
export const deployCheck = group({
  name: required(text, 'How the check is called in messages.'),
  command: setting(
    text,
    'A script for sh; status 0 is well. `$ROTA_VERSION`, `$ROTA_PATH` and `$ROTA_HOST` are set.',
  ),
  script: setting(path, 'Or a file on this machine that is run, with the same variables.'),
  url: setting(text, 'Or an address; `{host}` and `{version}` stand for the host and the version.'),
  log: setting(log, 'Or how often a log on the host says something.'),
  metric: setting(metric, 'Or a number that a Prometheus server knows.'),
  class: setting(path, 'Or a module of your own (see the guide to deploying).'),
  status: setting(count(100, 599), 'The status that the address must answer with.', 200),
  contains: setting(text, 'Text that the answer must contain; `{host}` and `{version}` are replaced.'),
  on: setting(
    choice(['host', 'one-host', 'deployer']),
    'Where a command or script runs: on each host, on the first of each batch, or here. Addresses and metrics are always asked from here, once for each host.',
    'host',
  ),
  user: setting(userName, 'As whom it runs on the host (`sudo -n -u`).'),
  timeout: setting(duration, 'How long one try may take.', '30s'),
  tries: setting(count(1, 1000), 'How often it is tried, a second apart, before it has failed.', 1),
  severity: setting(
    choice(['fail', 'warn']),
    'Whether a failure counts as one of the host, or is only told.',
    'fail',
  ),
  onError: setting(
    choice(['fail', 'warn']),
    'What follows where the check could not be asked at all: a program that is not there or does not end in time, a class that throws, a log or a metrics server that cannot be read. `fail` (by default of `command`, `script`, `class`): as if it had failed; `warn` (of `log`, `metric`): it is only told. An address that does not answer has failed.',
  ),
  groups: setting(listOf(text), 'Only in these groups; by default in all.'),
});

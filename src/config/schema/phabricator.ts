import * as z from 'zod';
import { defaultTags } from '../phabricator-config.ts';
import { databaseUrl } from './addresses.ts';
import { scheduleShape } from './schedule.ts';
import { scopeSchema } from './scope.ts';
import { group, named, required, setting } from './setting.ts';
import {
  choice,
  count,
  duration,
  flag,
  httpUrl,
  listOf,
  orOff,
  path,
  share,
  text,
  timeLimit,
} from './values.ts';

const nameForm = 'a name of letters, digits, "_" and "-"';
/** It becomes part of run ids and paths; old file names begin with it. */
export const scopeName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, { error: nameForm });

const tag = (name: keyof typeof defaultTags, what: string) =>
  setting(count(1, 1_000_000_000), `Id of the project that marks ${what}.`, defaultTags[name]);

/** `phabricator` */
export const phabricator = group({
  name: setting(scopeName, 'What the tracker is called in runs.', 'phabricator'),
  url: setting(httpUrl, 'Where people see its tasks; reports link there.'),
  dump: setting(text, 'The public dump: a path, or a URL.'),
  database: setting(
    databaseUrl,
    'Instead of a dump: the server of its databases, mysql://user@host/phabricator (what stands behind the slash is their prefix).',
  ),
  passwordFile: setting(path, 'File whose first line is the password of that account.'),
  conduit: setting(httpUrl, 'Instead of a dump: its address, for its API.'),
  tokenFile: setting(path, 'File whose first line is the token for the API.'),
  tokenVariable: setting(text, 'Environment variable with that token.'),
  visibility: setting(
    choice(['public', 'all']),
    'Of a database or an API: only tasks that everybody may see, or all that the account sees. Reports are public.',
    'public',
  ),
  requestsPerSecond: setting(count(1, 1000), 'Calls to the API are no more than this.', 2),
  transactionSearch: setting(
    flag,
    'Of an API: read pasts with transaction.search, a question for each task, and not with maniphest.gettasktransactions, which is frozen. Needs a Phorge that shows moves between columns and parents there (2026-07 and later).',
    false,
  ),
  tags: setting(
    group({
      epic: tag('epic', 'large pieces of work'),
      new: tag('new', 'new functionality'),
      maintenance: tag('maintenance', 'maintenance'),
      category: tag('category', 'tasks that stand for a category'),
      goal: tag('goal', 'tasks that stand for a goal'),
    }),
    'Projects with a meaning of their own.',
  ),
  tolerance: setting(count(0), 'So many damaged tasks may be set aside; with more, nothing is loaded.', 100),
  shrinkGuard: setting(
    orOff(share, 'a share such as 5%'),
    'Refuse a load that lost more than this share of tasks or bytes since the last.',
    '5%',
  ),
});

export const scopes = named(
  scopeName,
  z.union([path, scopeSchema], { error: 'a scope (title, rules …), or the path of a scope file' }),
);

export const scopeFiles = group({
  folder: required(path, 'Folder of scope files: every *.yaml in it is a scope.'),
  pull: setting(
    flag,
    'The folder lies in a git checkout, which each load first brings up to date with its upstream, unless that is faulty.',
    false,
  ),
});

export const groups = named(
  scopeName,
  group({
    title: required(text, 'What the page is called.'),
    scopes: required(listOf(scopeName), 'Its scopes, in order.'),
  }),
);

export const phabricatorLoadJob = group({
  ...scheduleShape,
  slots: setting(count(1, 16), 'Runs of this job that one worker has at once.', 1),
  keep: setting(count(1), 'Loads that are kept.', 3),
  waitFor: setting(duration, 'How long a new dump is waited for while the old one is still there.', '6h'),
  pollEvery: setting(duration, 'How often it is looked for.', '5m'),
  deadline: setting(timeLimit, 'A run that takes longer fails.', '1d'),
});

export const reportJob = group({
  ...scheduleShape,
  slots: setting(count(1, 64), 'Reports that one worker makes at once.', 2),
  keep: setting(count(1), 'Dated reports that are kept of each scope.', 60),
  qualityGuard: setting(
    orOff(share, 'a share such as 10%'),
    'A report is held for approval when, since the last one, so large a share of its tasks has gone, is in doubt, or (by the same rules) is not in the scope any more.',
    '10%',
  ),
  heldFor: setting(duration, 'What is held and not approved within this fails.', '7d'),
  deadline: setting(timeLimit, 'A run that takes longer fails.', '6h'),
});

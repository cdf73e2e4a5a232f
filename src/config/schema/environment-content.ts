import * as z from 'zod';
import { group, required, setting } from './setting.ts';
import { choice, count, listOf, path, text } from './values.ts';

/**
 * A path within the code. Plain letters only: these paths stand in lists that shells on hosts read, and everything odd
 * can be avoided by who names them.
 */
const innerForm = 'a path within the code, of letters, digits, ".", "_", "@", "+" and "-"';
const innerPath = z
  .string({ error: innerForm })
  .regex(/^[A-Za-z0-9_.@+-]+(?:\/[A-Za-z0-9_.@+-]+)*$/, { error: innerForm })
  .refine((value) => !value.split('/').some((part) => part === '.' || part === '..' || part === '.git'), {
    error: 'a path without . and ..',
  });

const modeForm = 'a mode such as "0644" (no setuid, no setgid)';
const mode = z.string({ error: modeForm }).regex(/^0?[0-7]{3}$/, { error: modeForm });
const groupForm = 'the name of a group on the hosts';
const groupName = z
  .string({ error: groupForm })
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, { error: groupForm });

const value = z.union([z.string(), z.number(), z.boolean()], { error: 'a text, a number, true or false' });
const nameForm = 'a name of letters, digits and "_"';

/** What templates may name. */
export const variables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: nameForm }), value, {
  error: 'a map of names and values',
});

/** Keys of an environment about what lies beside the version on hosts. */
export const contentSettings = {
  links: setting(
    z.array(
      group({
        path: required(innerPath, 'Where it lies in the code.'),
        kind: setting(choice(['folder', 'file']), 'A folder is made where there is none.', 'folder'),
        mode: setting(mode, 'The mode of a folder that is made.', '0755'),
        group: setting(groupName, 'The group of a folder that is made.'),
      }),
      { error: 'a list of links' },
    ),
    'What outlives versions, such as uploads and caches: lies in `path`-shared on the host, and is linked into every version.',
  ),
  files: setting(
    z.array(
      group({
        path: required(innerPath, 'Where it lies in the code.'),
        template: required(
          path,
          'A file on this machine. `{{name}}` is replaced by a variable, `{{name|json}}`, `{{name|php}}` and `{{name|sh}}` by one as such a literal.',
        ),
        mode: setting(mode, 'Its mode.', '0644'),
        group: setting(groupName, 'Its group.'),
      }),
      { error: 'a list of files' },
    ),
    'Files that are made for each host. They are switched with the version.',
  ),
  secrets: setting(
    z.array(
      group({
        path: required(innerPath, 'Where it lies in the code.'),
        file: required(
          path,
          'The file on this machine. It goes over the session only: into no version, plan or log.',
        ),
        mode: setting(mode, 'Its mode.', '0640'),
        group: setting(groupName, 'Its group.'),
      }),
      { error: 'a list of secrets' },
    ),
    'Files with secrets. They are switched with the version.',
  ),
  vars: setting(variables, 'Variables of templates, beside `host`, `group`, `environment` and `version`.'),
  assets: setting(
    group({
      paths: required(
        listOf(innerPath).min(1, { error: 'a list of paths' }),
        'Folders or files of the code that browsers fetch by themselves.',
      ),
      keep: setting(count(1, 1000), 'Of how many versions they stay on hosts.', 10),
    }),
    'Static files that are on all hosts, in `path`-assets/HASH, before the first one is switched. `VERSION.json` names the hash.',
  ),
  owner: setting(text, 'Refuse hosts where everything would be done as another user than this.'),
};

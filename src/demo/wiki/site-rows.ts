import { crc32 } from 'node:zlib';
import type { Random } from '../../core/random.ts';
import type { DemoDatabase, Value } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import { type Author, allPeople, type People } from '../people/people.ts';
import type { CommentStore } from './comment-store.ts';
import { privateMarker, secret } from './marker.ts';
import { mediawikiTimestamp } from './timestamp.ts';
import type { WikiOptions } from './wiki-options.ts';

/** Rows that belong to no page: names of models and roles, users with their private data, blocks, interwiki prefixes. */
export async function writeSiteRows(
  database: DemoDatabase,
  options: WikiOptions,
  people: People,
  comments: CommentStore,
  random: Random,
): Promise<void> {
  const put = async (table: string, columns: string, rows: readonly (readonly Value[])[]): Promise<void> => {
    const writer = new TableWriter(database, table, columns.split(' '));
    for (const row of rows) if (writer.add(row)) await writer.flush();
    await writer.flush();
  };
  const models = ['wikitext', 'javascript', 'css', 'json', 'text'];
  await put(
    'content_models',
    'model_id model_name',
    models.map((name, index) => [index + 1, name]),
  );
  await put('slot_roles', 'role_id role_name', [
    [1, 'main'],
    [2, 'aux'],
  ]);
  const everybody = allPeople(people);
  await put(
    'actor',
    'actor_id actor_user actor_name',
    everybody.map((author) => [author.actorId, author.userId, author.name]),
  );
  const users = everybody.filter((author): author is Author & { userId: number } => author.userId !== null);
  await put(
    'user',
    'user_id user_name user_real_name user_password user_newpassword user_email user_touched user_token user_email_token user_registration user_editcount',
    users.map((user) => userRow(user, options, random)),
  );
  await put('user_groups', 'ug_user ug_group', [
    [people.admin.userId, 'sysop'],
    [people.admin.userId, 'bureaucrat'],
    ...people.bots.map((bot) => [bot.userId, 'bot'] as const),
  ]);
  await put(
    'user_properties',
    'up_user up_property up_value',
    users.slice(0, 50).map((user) => [user.userId, 'watchlisttoken', secret('watchlist token', user.userId)]),
  );
  await put('interwiki', 'iw_prefix iw_url iw_api iw_wikiid iw_local iw_trans', [
    ['metawikimedia', 'https://meta.wikimedia.org/wiki/$1', '', '', 0, 0],
    ['wikipedia', 'https://en.wikipedia.org/wiki/$1', '', '', 0, 0],
    ['de', 'https://de.wikipedia.org/wiki/$1', '', '', 1, 0],
    ['es', 'https://es.wikipedia.org/wiki/$1', '', '', 1, 0],
  ]);
  await put('change_tag_def', 'ctd_id ctd_name ctd_user_defined ctd_count', [
    [1, 'mw-rollback', 0, 0],
    [2, 'mw-undo', 0, 0],
    [3, 'mobile edit', 1, 0],
  ]);
  await put('updatelog', 'ul_key', [['user_properties-up_property-patch-up_property.sql']]);
  await writeBlocks(put, options, people, comments);
}

function userRow(user: Author & { userId: number }, options: WikiOptions, random: Random): readonly Value[] {
  const token = (name: string): string =>
    `${name}.${user.userId}.${privateMarker}`.padEnd(32, '0').slice(0, 32);
  const registered = options.from.getTime() / 1000 + random.below(500_000_000);
  return [
    user.userId,
    user.name,
    secret('Real Name', user.userId),
    `:pbkdf2:sha512:30000:64:${secret('password', user.userId)}==`,
    '',
    `user${user.userId}@${privateMarker}`,
    mediawikiTimestamp(options.until.getTime() / 1000),
    token('token'),
    token('mail'),
    mediawikiTimestamp(registered),
    random.below(1000),
  ];
}

type Put = (table: string, columns: string, rows: readonly (readonly Value[])[]) => Promise<void>;

/** One address blocked, and the users whose names are hidden. */
async function writeBlocks(
  put: Put,
  options: WikiOptions,
  people: People,
  comments: CommentStore,
): Promise<void> {
  const [address] = people.addresses;
  const targets = [...(address === undefined ? [] : [address]), ...people.hidden];
  const when = mediawikiTimestamp(options.until.getTime() / 1000 - 86_400);
  const reasonId = comments.id(secret('block reason', crc32('block')));
  if (options.schema === '1.43') {
    await put(
      'block_target',
      'bt_id bt_address bt_user bt_user_text bt_count',
      targets.map((target, index) => [
        index + 1,
        target.userId === null ? target.name : null,
        target.userId,
        target.userId === null ? null : target.name,
        1,
      ]),
    );
    await put(
      'block',
      'bl_id bl_target bl_by_actor bl_reason_id bl_timestamp bl_expiry bl_deleted',
      targets.map((target, index) => [
        index + 1,
        index + 1,
        1,
        reasonId,
        when,
        'infinity',
        target.userId === null ? 0 : 1,
      ]),
    );
    return;
  }
  await put(
    'ipblocks',
    'ipb_id ipb_address ipb_user ipb_by_actor ipb_reason_id ipb_timestamp ipb_expiry ipb_range_start ipb_range_end ipb_deleted',
    targets.map((target, index) => [
      index + 1,
      target.name,
      target.userId ?? 0,
      1,
      reasonId,
      when,
      'infinity',
      '',
      '',
      target.userId === null ? 0 : 1,
    ]),
  );
}

import type { SchemaVersion } from './schema-version.ts';
import { type TableShape, table } from './table.ts';

/** Revisions, their slots, contents, texts and summaries. Facts: the tables of an installed MediaWiki 1.39; 1.35 and 1.43 where they differ. */
export function revisionTables(version: SchemaVersion): readonly TableShape[] {
  const temporary = version === '1.43' ? '' : ' =0';
  return [
    table(
      'revision',
      [
        `rev_id ${version === '1.43' ? 'id64' : 'id32'}`,
        'rev_page u32',
        `rev_comment_id u64${temporary}`,
        `rev_actor u64${temporary}`,
        'rev_timestamp bin14',
        'rev_minor_edit u8 =0',
        'rev_deleted u8 =0',
        'rev_len u32 null',
        'rev_parent_id u32 null',
        'rev_sha1 vb32 =""',
      ],
      {
        index: [
          ...(version === '1.35' ? ['rev_page_id: rev_page, rev_id'] : []),
          'rev_actor_timestamp: rev_actor, rev_timestamp, rev_id',
          'rev_page_actor_timestamp: rev_page, rev_actor, rev_timestamp',
          'rev_page_timestamp: rev_page, rev_timestamp',
          'rev_timestamp: rev_timestamp',
        ],
      },
    ),
    ...(version !== '1.43'
      ? [
          table('revision_comment_temp', ['revcomment_rev u32', 'revcomment_comment_id u64'], {
            primary: 'revcomment_rev, revcomment_comment_id',
            unique: ['revcomment_rev: revcomment_rev'],
          }),
        ]
      : []),
    ...(version === '1.35'
      ? [
          table(
            'revision_actor_temp',
            ['revactor_rev u32', 'revactor_actor u64', 'revactor_timestamp bin14', 'revactor_page u32'],
            {
              primary: 'revactor_rev, revactor_actor',
              unique: ['revactor_rev: revactor_rev'],
              index: [
                'actor_timestamp: revactor_actor, revactor_timestamp',
                'page_actor_timestamp: revactor_page, revactor_actor, revactor_timestamp',
              ],
            },
          ),
        ]
      : []),
    table('ip_changes', ['ipc_rev_id u32 =0', 'ipc_rev_timestamp bin14', 'ipc_hex vb35 =""'], {
      primary: 'ipc_rev_id',
      index: ['ipc_hex_time: ipc_hex, ipc_rev_timestamp', 'ipc_rev_timestamp: ipc_rev_timestamp'],
    }),
    table('slots', ['slot_revision_id u64', 'slot_role_id u16', 'slot_content_id u64', 'slot_origin u64'], {
      primary: 'slot_revision_id, slot_role_id',
      index: ['slot_revision_origin_role: slot_revision_id, slot_origin, slot_role_id'],
    }),
    table('slot_roles', ['role_id id32', 'role_name vb64'], { unique: ['role_name: role_name'] }),
    table(
      'content',
      [
        'content_id id64',
        'content_size u32',
        'content_sha1 vb32',
        'content_model u16',
        'content_address vb255',
      ],
      {},
    ),
    table('content_models', ['model_id id32', 'model_name vb64'], { unique: ['model_name: model_name'] }),
    table('text', ['old_id id32', 'old_text mediumblob', 'old_flags tinyblob'], {}),
    table('comment', ['comment_id id64', 'comment_hash i32', 'comment_text blob', 'comment_data blob null'], {
      index: ['comment_hash: comment_hash'],
    }),
    table(
      'change_tag',
      [
        'ct_id id32',
        'ct_rc_id u32 null',
        'ct_log_id u32 null',
        'ct_rev_id u32 null',
        'ct_params blob null',
        'ct_tag_id u32',
      ],
      {
        unique: [
          'ct_log_tag_id: ct_log_id, ct_tag_id',
          'ct_rc_tag_id: ct_rc_id, ct_tag_id',
          'ct_rev_tag_id: ct_rev_id, ct_tag_id',
        ],
        index: ['ct_tag_id_id: ct_tag_id, ct_rc_id, ct_rev_id, ct_log_id'],
      },
    ),
    table('change_tag_def', ['ctd_id id32', 'ctd_name vb255', 'ctd_user_defined i8', 'ctd_count u64 =0'], {
      unique: ['ctd_name: ctd_name'],
      index: ['ctd_count: ctd_count', 'ctd_user_defined: ctd_user_defined'],
    }),
  ];
}

import type { SchemaVersion } from './schema-version.ts';
import { type TableShape, table } from './table.ts';

/** Logs, actors, users and blocks. Facts: the tables of an installed MediaWiki 1.39; 1.35 and 1.43 where they differ. */
export function logAndUserTables(version: SchemaVersion): readonly TableShape[] {
  return [
    table(
      'logging',
      [
        'log_id id32',
        'log_type vb32 =""',
        'log_action vb32 =""',
        'log_timestamp bin14 ="19700101000000"',
        'log_actor u64',
        'log_namespace i32 =0',
        'log_title vb255 =""',
        'log_page u32 null',
        'log_comment_id u64',
        'log_params blob',
        'log_deleted u8 =0',
      ],
      {
        index: [
          'log_actor_time: log_actor, log_timestamp',
          'log_actor_type_time: log_actor, log_type, log_timestamp',
          'log_page_id_time: log_page, log_timestamp',
          'log_page_time: log_namespace, log_title, log_timestamp',
          'log_times: log_timestamp',
          'log_type_action: log_type, log_action, log_timestamp',
          'log_type_time: log_type, log_timestamp',
        ],
      },
    ),
    table('log_search', ['ls_field vb32', 'ls_value vb255', 'ls_log_id u32 =0'], {
      primary: 'ls_field, ls_value, ls_log_id',
      index: ['ls_log_id: ls_log_id'],
    }),
    table('actor', ['actor_id id64', 'actor_user u32 null', 'actor_name vb255'], {
      unique: ['actor_name: actor_name', 'actor_user: actor_user'],
    }),
    table(
      'user',
      [
        'user_id id32',
        'user_name vb255 =""',
        'user_real_name vb255 =""',
        'user_password tinyblob',
        'user_newpassword tinyblob',
        'user_newpass_time bin14 null',
        'user_email tinyblob',
        'user_touched bin14',
        'user_token bin32 =""',
        'user_email_authenticated bin14 null',
        'user_email_token bin32 null',
        'user_email_token_expires bin14 null',
        'user_registration bin14 null',
        'user_editcount u32 null',
        'user_password_expires vb14 null',
        ...(version === '1.43' ? ['user_is_temp i8 =0'] : []),
      ],
      {
        unique: ['user_name: user_name'],
        index: ['user_email: user_email(50)', 'user_email_token: user_email_token'],
      },
    ),
    table('user_groups', ['ug_user u32 =0', 'ug_group vb255 =""', 'ug_expiry vb14 null'], {
      primary: 'ug_user, ug_group',
      index: ['ug_expiry: ug_expiry', 'ug_group: ug_group'],
    }),
    table('user_former_groups', ['ufg_user u32 =0', 'ufg_group vb255 =""'], {
      primary: 'ufg_user, ufg_group',
    }),
    table('user_properties', ['up_user u32', 'up_property vb255', 'up_value blob null'], {
      primary: 'up_user, up_property',
      index: ['up_property: up_property'],
    }),
    ...(version === '1.43'
      ? [
          table(
            'block_target',
            [
              'bt_id id32',
              'bt_address tinyblob null',
              'bt_user u32 null',
              'bt_user_text vb255 null',
              'bt_auto i8 =0',
              'bt_range_start tinyblob null',
              'bt_range_end tinyblob null',
              'bt_ip_hex tinyblob null',
              'bt_count i32 =0',
            ],
            {
              index: [
                'bt_address: bt_address(42)',
                'bt_ip_user_text: bt_ip_hex(35), bt_user_text(255)',
                'bt_range: bt_range_start(35), bt_range_end(35)',
                'bt_user: bt_user',
              ],
            },
          ),
          table(
            'block',
            [
              'bl_id id32',
              'bl_target u32',
              'bl_by_actor u64',
              'bl_reason_id u64',
              'bl_timestamp bin14',
              'bl_anon_only i8 =0',
              'bl_create_account i8 =1',
              'bl_enable_autoblock i8 =1',
              'bl_expiry vb14',
              'bl_deleted i8 =0',
              'bl_block_email i8 =0',
              'bl_allow_usertalk i8 =0',
              'bl_parent_block_id u32 null',
              'bl_sitewide i8 =1',
            ],
            {
              index: [
                'bl_timestamp: bl_timestamp',
                'bl_target: bl_target',
                'bl_expiry: bl_expiry',
                'bl_parent_block_id: bl_parent_block_id',
              ],
            },
          ),
        ]
      : []),
    ...(version !== '1.43'
      ? [
          table(
            'ipblocks',
            [
              'ipb_id id32',
              'ipb_address tinyblob',
              'ipb_user u32 =0',
              'ipb_by_actor u64',
              'ipb_reason_id u64',
              'ipb_timestamp bin14',
              'ipb_auto i8 =0',
              'ipb_anon_only i8 =0',
              'ipb_create_account i8 =1',
              'ipb_enable_autoblock i8 =1',
              'ipb_expiry vb14',
              'ipb_range_start tinyblob',
              'ipb_range_end tinyblob',
              'ipb_deleted i8 =0',
              'ipb_block_email i8 =0',
              'ipb_allow_usertalk i8 =0',
              'ipb_parent_block_id u32 null',
              'ipb_sitewide i8 =1',
            ],
            {
              unique: ['ipb_address_unique: ipb_address(255), ipb_user, ipb_auto'],
              index: [
                'ipb_expiry: ipb_expiry',
                'ipb_parent_block_id: ipb_parent_block_id',
                'ipb_range: ipb_range_start(8), ipb_range_end(8)',
                'ipb_timestamp: ipb_timestamp',
                'ipb_user: ipb_user',
              ],
            },
          ),
        ]
      : []),
    table('ipblocks_restrictions', ['ir_ipb_id u32', 'ir_type i8', 'ir_value u32'], {
      primary: 'ir_ipb_id, ir_type, ir_value',
      index: ['ir_type_value: ir_type, ir_value'],
    }),
  ];
}

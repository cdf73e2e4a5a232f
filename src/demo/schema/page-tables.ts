import type { SchemaVersion } from './schema-version.ts';
import { type TableShape, table } from './table.ts';

/** Pages and what is said of a page as a whole. Facts: the tables of an installed MediaWiki 1.39; 1.35 and 1.43 where they differ. */
export function pageTables(version: SchemaVersion): readonly TableShape[] {
  return [
    table(
      'page',
      [
        'page_id id32',
        'page_namespace i32',
        'page_title vb255',
        ...(version === '1.35' ? ['page_restrictions tinyblob null'] : []),
        'page_is_redirect u8 =0',
        'page_is_new u8 =0',
        'page_random f64',
        'page_touched bin14',
        'page_links_updated vb14 null',
        'page_latest u32',
        'page_len u32',
        'page_content_model vb32 null',
        'page_lang vb35 null',
      ],
      {
        unique: ['page_name_title: page_namespace, page_title'],
        index: [
          'page_len: page_len',
          'page_random: page_random',
          'page_redirect_namespace_len: page_is_redirect, page_namespace, page_len',
        ],
      },
    ),
    table(
      'redirect',
      [
        'rd_from u32 =0',
        'rd_namespace i32 =0',
        'rd_title vb255 =""',
        'rd_interwiki vb32 null',
        'rd_fragment vb255 null',
      ],
      { primary: 'rd_from', index: ['rd_ns_title: rd_namespace, rd_title, rd_from'] },
    ),
    table('page_props', ['pp_page u32', 'pp_propname vb60', 'pp_value blob', 'pp_sortkey f32 null'], {
      primary: 'pp_page, pp_propname',
      unique: [
        'pp_propname_page: pp_propname, pp_page',
        'pp_propname_sortkey_page: pp_propname, pp_sortkey, pp_page',
      ],
    }),
    table(
      'page_restrictions',
      [
        'pr_id id32',
        'pr_page u32',
        'pr_type vb60',
        'pr_level vb60',
        'pr_cascade i8',
        ...(version === '1.35' ? ['pr_user u32 null'] : []),
        'pr_expiry vb14 null',
      ],
      {
        unique: ['pr_pagetype: pr_page, pr_type'],
        index: ['pr_cascade: pr_cascade', 'pr_level: pr_level', 'pr_typelevel: pr_type, pr_level'],
      },
    ),
    table(
      'protected_titles',
      [
        'pt_namespace i32',
        'pt_title vb255',
        'pt_user u32',
        'pt_reason_id u64',
        'pt_timestamp bin14',
        'pt_expiry vb14',
        'pt_create_perm vb60',
      ],
      { primary: 'pt_namespace, pt_title', index: ['pt_timestamp: pt_timestamp'] },
    ),
    table(
      'archive',
      [
        'ar_id id32',
        'ar_namespace i32 =0',
        'ar_title vb255 =""',
        'ar_comment_id u64',
        'ar_actor u64',
        'ar_timestamp bin14',
        'ar_minor_edit i8 =0',
        'ar_rev_id u32',
        'ar_deleted u8 =0',
        'ar_len u32 null',
        'ar_page_id u32 null',
        'ar_parent_id u32 null',
        'ar_sha1 vb32 =""',
      ],
      {
        unique: ['ar_revid_uniq: ar_rev_id'],
        index: [
          'ar_actor_timestamp: ar_actor, ar_timestamp',
          'ar_name_title_timestamp: ar_namespace, ar_title, ar_timestamp',
        ],
      },
    ),
    table(
      'category',
      ['cat_id id32', 'cat_title vb255', 'cat_pages i32 =0', 'cat_subcats i32 =0', 'cat_files i32 =0'],
      { unique: ['cat_title: cat_title'], index: ['cat_pages: cat_pages'] },
    ),
  ];
}

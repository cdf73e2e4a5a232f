import type { SchemaVersion } from './schema-version.ts';
import { type TableShape, table } from './table.ts';

/** Links of every kind between pages. Facts: the tables of an installed MediaWiki 1.39; 1.35 and 1.43 where they differ. */
export function linkTables(version: SchemaVersion): readonly TableShape[] {
  return [
    ...(version !== '1.35'
      ? [
          table('linktarget', ['lt_id id64', 'lt_namespace i32', 'lt_title vb255'], {
            unique: ['lt_namespace_title: lt_namespace, lt_title'],
          }),
        ]
      : []),
    version === '1.43'
      ? table('pagelinks', ['pl_from u32 =0', 'pl_from_namespace i32 =0', 'pl_target_id u64'], {
          primary: 'pl_from, pl_target_id',
          index: [
            'pl_target_id: pl_target_id, pl_from',
            'pl_backlinks_namespace_target_id: pl_from_namespace, pl_target_id, pl_from',
          ],
        })
      : table(
          'pagelinks',
          ['pl_from u32 =0', 'pl_namespace i32 =0', 'pl_title vb255 =""', 'pl_from_namespace i32 =0'],
          {
            primary: 'pl_from, pl_namespace, pl_title',
            index: [
              'pl_backlinks_namespace: pl_from_namespace, pl_namespace, pl_title, pl_from',
              'pl_namespace: pl_namespace, pl_title, pl_from',
            ],
          },
        ),
    version === '1.35'
      ? table(
          'templatelinks',
          ['tl_from u32 =0', 'tl_namespace i32 =0', 'tl_title vb255 =""', 'tl_from_namespace i32 =0'],
          {
            primary: 'tl_from, tl_namespace, tl_title',
            index: [
              'tl_namespace: tl_namespace, tl_title, tl_from',
              'tl_backlinks_namespace: tl_from_namespace, tl_namespace, tl_title, tl_from',
            ],
          },
        )
      : table('templatelinks', ['tl_from u32 =0', 'tl_target_id u64', 'tl_from_namespace i32 =0'], {
          primary: 'tl_from, tl_target_id',
          index: [
            'tl_backlinks_namespace_target_id: tl_from_namespace, tl_target_id, tl_from',
            'tl_target_id: tl_target_id, tl_from',
          ],
        }),
    table('imagelinks', ['il_from u32 =0', 'il_to vb255 =""', 'il_from_namespace i32 =0'], {
      primary: 'il_from, il_to',
      index: ['il_backlinks_namespace: il_from_namespace, il_to, il_from', 'il_to: il_to, il_from'],
    }),
    table(
      'categorylinks',
      [
        'cl_from u32 =0',
        'cl_to vb255 =""',
        'cl_sortkey vb230 =""',
        'cl_sortkey_prefix vb255 =""',
        'cl_timestamp timestamp',
        'cl_collation vb32 =""',
        'cl_type linktype ="page"',
      ],
      {
        primary: 'cl_from, cl_to',
        index: [
          'cl_collation_ext: cl_collation, cl_to, cl_type, cl_from',
          'cl_sortkey: cl_to, cl_type, cl_sortkey, cl_from',
          'cl_timestamp: cl_to, cl_timestamp',
        ],
      },
    ),
    version === '1.43'
      ? table(
          'externallinks',
          ['el_id id32', 'el_from u32 =0', 'el_to_domain_index vb255 =""', 'el_to_path blob null'],
          { index: ['el_from: el_from', 'el_to_domain_index_to_path: el_to_domain_index, el_to_path(60)'] },
        )
      : table(
          'externallinks',
          ['el_id id32', 'el_from u32 =0', 'el_to blob', 'el_index blob', 'el_index_60 vb60'],
          {
            index: [
              'el_from: el_from, el_to(40)',
              'el_from_index_60: el_from, el_index_60, el_id',
              'el_index: el_index(60)',
              'el_index_60: el_index_60, el_id',
              'el_to: el_to(60), el_from',
            ],
          },
        ),
    table('langlinks', ['ll_from u32 =0', 'll_lang vb35 =""', 'll_title vb255 =""'], {
      primary: 'll_from, ll_lang',
      index: ['ll_lang: ll_lang, ll_title'],
    }),
    table('iwlinks', ['iwl_from u32 =0', 'iwl_prefix vb32 =""', 'iwl_title vb255 =""'], {
      primary: 'iwl_from, iwl_prefix, iwl_title',
      index: [
        'iwl_prefix_from_title: iwl_prefix, iwl_from, iwl_title',
        'iwl_prefix_title_from: iwl_prefix, iwl_title, iwl_from',
      ],
    }),
    table(
      'interwiki',
      ['iw_prefix vb32', 'iw_url blob', 'iw_api blob', 'iw_wikiid vb64', 'iw_local i8', 'iw_trans i8 =0'],
      { primary: 'iw_prefix' },
    ),
  ];
}

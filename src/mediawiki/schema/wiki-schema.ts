/**
 * What matters of a wiki's database schema. The generations differ in where a revision's comment and actor are:
 * 1.35 has both in tables of their own, 1.39 only the comment, 1.43 neither.
 */
export interface WikiSchema {
  readonly generation: '1.35' | '1.39' | '1.43';
  /** $wgDBprefix; '' for none. */
  readonly tablePrefix: string;
  /** revision_comment_temp exists: a row there goes before rev_comment_id. */
  readonly hasCommentTemp: boolean;
  /** revision_actor_temp exists: a row there goes before rev_actor. */
  readonly hasActorTemp: boolean;
}

/**
 * What a watch of the store says: read again. There is one at the start and at least one after every change, made by
 * whomever; several changes are told as one while nobody asks for the next notice, and there may be notices without a
 * change. So whoever reads after each notice misses nothing, also when the way to the store was lost in between.
 */
export interface ChangeNotice {
  /** `opened`: the watch begins, or began anew, and anything may have changed. */
  readonly kind: 'opened' | 'changed';
}

/** A slot's text as the storage gave it (the shape of mediawiki/text). */
export type TextOutcome =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  /** Raw deflate data, not yet inflated. */
  | { readonly kind: 'deflated'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

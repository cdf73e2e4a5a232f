/** What a page is, which decides how its text looks and changes. */
export type PageKind =
  | 'article'
  | 'redirect'
  | 'talk'
  | 'user'
  | 'project'
  | 'file'
  | 'message'
  | 'css'
  | 'javascript'
  | 'json'
  | 'template'
  | 'category';

/** The content model of a page of this kind, as in content_models. */
export function contentModel(kind: PageKind): string {
  return kind === 'css' || kind === 'javascript' || kind === 'json' ? kind : 'wikitext';
}

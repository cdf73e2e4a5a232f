/**
 * The default format of each content model: MediaWiki prints that, not the stored one. Models of core and of widely
 * used extensions (their content handlers' first supported format).
 */
const formats: Readonly<Record<string, string>> = {
  wikitext: 'text/x-wiki',
  javascript: 'text/javascript',
  css: 'text/css',
  text: 'text/plain',
  json: 'application/json',
  Scribunto: 'text/plain',
  'sanitized-css': 'text/css',
  'flow-board': 'application/json',
  'proofread-page': 'text/x-wiki',
  'proofread-index': 'text/x-wiki',
  'wikibase-item': 'application/json',
  'wikibase-property': 'application/json',
  'wikibase-lexeme': 'application/json',
  'wikibase-mediainfo': 'application/json',
  EntitySchema: 'application/json',
  zobject: 'application/json',
  MassMessageListContent: 'application/json',
  JsonSchema: 'application/json',
  'Json.JsonConfig': 'application/json',
  'Map.JsonConfig': 'application/json',
  'Tabular.JsonConfig': 'application/json',
  'Chart.JsonConfig': 'application/json',
  'translate-messagebundle': 'application/json',
  NewsletterContent: 'application/json',
  SecurePoll: 'application/json',
  Campaign: 'application/json',
  CollaborationHubContent: 'application/json',
  CollaborationListContent: 'application/json',
  GadgetDefinition: 'application/json',
};

/** What MediaWiki from 1.43 on prints for a model that no installed extension defines. */
export const unknownFormat = 'application/octet-stream';

export class ContentFormats {
  readonly #configured: Readonly<Record<string, string>>;

  constructor(configured: Readonly<Record<string, string>> = {}) {
    this.#configured = configured;
  }

  /** Null where the model is unknown. */
  format(model: string): string | null {
    if (Object.hasOwn(this.#configured, model)) return this.#configured[model] ?? null;
    return Object.hasOwn(formats, model) ? (formats[model] ?? null) : null;
  }
}

import type { SiteInfo } from '../../mediawiki/siteinfo/site-info.ts';
import type { EscapeMode } from '../kernel/escape-tables.ts';

export interface WriterOptions {
  readonly schema: '0.10' | '0.11';
  /**
   * As dumpBackup.php writes it (`one-pass`), or as dumpTextPass.php does from its stubs (`text-pass`: quotes are
   * escaped, no CR, `<minor />`, no newline at the end). Stubs are always written in one pass.
   */
  readonly profile: EscapeMode;
  readonly texts: 'stub' | 'full';
  /**
   * MediaWiki's behaviour where Rota has another by default: a page's latest text is shown although it is hidden,
   * size and hash of hidden texts are shown, rows that MediaWiki's joins lose are left out.
   */
  readonly asMediawiki: boolean;
  readonly siteInfo: SiteInfo;
  /** Default formats of content models that Rota does not know (model -> format), from the wiki's configuration. */
  readonly modelFormats?: Readonly<Record<string, string>>;
}

/** The profile that applies: stubs have only one. */
export function effectiveProfile(options: WriterOptions): EscapeMode {
  return options.texts === 'stub' ? 'one-pass' : options.profile;
}

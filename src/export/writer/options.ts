import type { BinaryString } from '../../mediawiki/record/revision-record.ts';
import type { SiteInfo } from '../../mediawiki/siteinfo/site-info.ts';
import type { EscapeMode } from '../kernel/escape-tables.ts';

export interface UploadOptions {
  /** URL of the upload directory, without a slash at the end: such as `https://wiki.example/w/images`. */
  readonly baseUrl: string;
  /** Folders between the upload directory and a file (MediaWiki's hashLevels; default 2, 0 where hashing is off). */
  readonly hashLevels?: number;
  /**
   * Where files are to be included (`--include-files`): the bytes of the file at this path below the upload directory
   * (a binary string), or null where it is not there.
   */
  readonly readFile?: (path: BinaryString) => Iterable<Uint8Array> | null;
}

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
  /** Needed where upload() is called. */
  readonly uploads?: UploadOptions;
}

/** The profile that applies: stubs have only one. */
export function effectiveProfile(options: WriterOptions): EscapeMode {
  return options.texts === 'stub' ? 'one-pass' : options.profile;
}

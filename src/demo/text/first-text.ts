import type { ByteText } from '../language/byte-text.ts';
import {
  anyBlock,
  articleLink,
  categoryLink,
  foot,
  heading,
  infobox,
  paragraph,
  sentence,
  type TextSource,
  talkPost,
  word,
} from './blocks.ts';
import type { PageKind } from './page-kind.ts';

export interface FirstText {
  readonly kind: PageKind;
  /** As wikitext shows it, with spaces. */
  readonly title: ByteText;
  /** About how long the text is to be. */
  readonly bytes: number;
  /** When it is written, as a signature shows it. */
  readonly when: string;
}

/** The text with which a page begins, as blocks. */
export function firstText(source: TextSource, page: FirstText): ByteText[] {
  switch (page.kind) {
    case 'article':
    case 'project':
      return grown(source, page.bytes, [
        ...(source.random.chance(0.4) ? [infobox(source, page.title)] : []),
        `'''${page.title}''' ${word(source)} ${word(source)} ${articleLink(source)} ${sentence(source)}`,
        foot(source),
      ]);
    case 'redirect':
      return [`#REDIRECT ${articleLink(source).replace(/\|.*\]\]/, ']]')}`];
    case 'talk':
      return [heading(source), talkPost(source, page.when)];
    case 'user':
      return [`${sentence(source)} {{User en-2}}`, paragraph(source)];
    case 'file':
      return [
        '== Summary ==',
        `{{Information|description=${sentence(source)}|author=${word(source)}}}`,
        '== Licensing ==\n{{Cc-by-sa-4.0}}',
      ];
    case 'message':
      return [sentence(source)];
    case 'css':
      return [
        `/* ${page.title} */`,
        `.mw-${word(source)} > a::before { content: "<&>"; color: #0${source.random.below(10)}c; }`,
      ];
    case 'javascript':
      return [`// ${page.title}`, `if ( 1 < 2 && "${word(source)}" ) { mw.log( '${word(source)}' ); }`];
    case 'json':
      return [`{ "words": [ "${word(source)}", "<&>" ], "number": ${source.random.below(1000)} }`];
    case 'template':
      return [
        `<includeonly>{| class="infobox"\n! {{{name|{{PAGENAME}}}}}\n|-\n| {{#if:{{{1|}}}|{{{1}}}|${word(source)}}}\n|}</includeonly>`,
        `<noinclude>${sentence(source)} ${categoryLink(source)}</noinclude>`,
      ];
    case 'category':
      return [`${sentence(source)} ${articleLink(source)}`, categoryLink(source)];
  }
}

/** Blocks added before the last one until the text is about that long. */
export function grown(source: TextSource, bytes: number, blocks: ByteText[]): ByteText[] {
  let length = blocks.reduce((sum, block) => sum + block.length + 2, 0);
  while (length < bytes) {
    const block = anyBlock(source);
    blocks.splice(blocks.length - 1, 0, block);
    length += block.length + 2;
  }
  return blocks;
}

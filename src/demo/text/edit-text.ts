import type { ByteText } from '../language/byte-text.ts';
import {
  anyBlock,
  articleLink,
  categoryLink,
  foot,
  heading,
  paragraph,
  sentence,
  type TextSource,
  talkPost,
  word,
} from './blocks.ts';
import { grown } from './first-text.ts';
import type { PageKind } from './page-kind.ts';

export interface Edit {
  readonly kind: PageKind;
  /** About how long the text is to become. */
  readonly bytes: number;
  /** How long it is. */
  readonly current: number;
  readonly when: string;
}

/** Changes blocks in place as one edit does: mostly a little, in one spot. */
export function editText(source: TextSource, blocks: ByteText[], edit: Edit): void {
  const { random } = source;
  switch (edit.kind) {
    case 'talk':
      if (random.chance(0.3)) blocks.push(heading(source));
      blocks.push(talkPost(source, edit.when));
      // Old threads go to an archive now and then.
      if (edit.current > edit.bytes * 1.5) blocks.splice(0, blocks.length >> 1);
      return;
    case 'redirect':
      blocks.splice(0, blocks.length, `#REDIRECT ${articleLink(source).replace(/\|.*\]\]/, ']]')}`);
      return;
    case 'json':
      blocks.splice(0, blocks.length, `{ "words": [ "${word(source)}" ], "number": ${random.below(1000)} }`);
      return;
    case 'css':
    case 'javascript':
      blocks.push(
        edit.kind === 'css'
          ? `.${word(source)} { margin: ${random.below(9)}px }`
          : `mw.log( ${random.below(999)} );`,
      );
      return;
    default:
      if (edit.current < edit.bytes * 0.8) growText(source, blocks, edit);
      else changeSpot(source, blocks, edit.current > edit.bytes * 1.2);
  }
}

function growText(source: TextSource, blocks: ByteText[], edit: Edit): void {
  const missing = edit.bytes - edit.current;
  const at = source.random.below(blocks.length);
  // A few big additions make a long article, not hundreds of small ones.
  const added = grown(source, Math.min(missing, 400 + source.random.below(6000)), ['']);
  added.pop();
  blocks.splice(Math.min(at + 1, Math.max(0, blocks.length - 1)), 0, ...added);
}

function changeSpot(source: TextSource, blocks: ByteText[], tooLong: boolean): void {
  const { random } = source;
  const at = random.below(blocks.length);
  const block = blocks[at] ?? '';
  const roll = random.below(100);
  if (roll < 45) blocks[at] = tweak(source, block);
  else if (roll < 65) blocks[at] = `${block} ${sentence(source)}`;
  else if (roll < 75 && !tooLong) blocks.splice(at, 0, anyBlock(source));
  else if ((roll < 82 || tooLong) && blocks.length > 4) blocks.splice(at, 1);
  else if (roll < 90) blocks[at] = paragraph(source);
  else if (roll < 94)
    blocks[blocks.length - 1] = `${blocks[blocks.length - 1] ?? ''}\n${categoryLink(source)}`;
  else if (roll < 95) blocks[blocks.length - 1] = foot(source);
  else blocks[at] = `${block} ${articleLink(source)}`;
}

/** Another word in place of one somewhere in the block. */
function tweak(source: TextSource, block: ByteText): ByteText {
  const from = block.indexOf(' ', source.random.below(Math.max(1, block.length)));
  if (from < 0) return `${block} ${word(source)}`;
  const to = block.indexOf(' ', from + 1);
  // Joined anew, so that the old text is not kept alive by a slice of it.
  return to < 0
    ? `${block.slice(0, from)} ${word(source)}`
    : block.slice(0, from + 1) + word(source) + block.slice(to);
}

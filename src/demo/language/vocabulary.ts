import type { Random } from '../../core/random.ts';
import { type ByteText, byteText, plainText } from './byte-text.ts';
import type { Language } from './language.ts';
import { emojis, foreignScraps } from './languages.ts';

/** A language's words, frequent ones first, and a stock of sentences made of them. */
export interface Vocabulary {
  readonly words: readonly ByteText[];
  /** Whole sentences, with a full stop and without a space at the end; 20 to 250 bytes. */
  readonly sentences: readonly ByteText[];
}

/**
 * Makes about `wordCount` words and `sentenceCount` sentences. Sentences are the unit of writing: made once, then shared,
 * so that a text costs only its joining.
 */
export function makeVocabulary(
  language: Language,
  random: Random,
  wordCount: number,
  sentenceCount: number,
): Vocabulary {
  const words = [...new Set([...language.words, ...rareWords(language, random, wordCount)])].map(byteText);
  const capitals = words.map((word) => byteText(capital(plainText(word))));
  const sentences: ByteText[] = [];
  for (let count = 0; count < sentenceCount; count += 1) sentences.push(sentence(random, words, capitals));
  return { words, sentences };
}

/** The first letter in upper case, as MediaWiki does with titles. */
export function capital(text: string): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return first.toUpperCase() + text.slice(first.length);
}

function* rareWords(language: Language, random: Random, count: number): Generator<string> {
  for (let made = 0; made < count; made += 1) {
    let word = '';
    for (let part = random.between(1, 4); part > 0; part -= 1) word += random.pick(language.syllables);
    yield word;
  }
}

function sentence(random: Random, words: readonly ByteText[], capitals: readonly ByteText[]): ByteText {
  const length = random.between(4, 22);
  let text = capitals[random.zipf(capitals.length)] ?? '';
  for (let position = 1; position < length; position += 1) {
    const roll = random.below(1000);
    if (roll < 40) text += ',';
    text += ' ';
    if (roll < 60) text += random.between(2, 2100);
    else if (roll < 75) text += capitals[random.below(capitals.length)] ?? '';
    else if (roll < 80) text += byteText(random.pick(foreignScraps));
    else if (roll < 84) text += `''${words[random.zipf(words.length)] ?? ''}''`;
    else if (roll < 87) text += byteText(`“${roll}”—`);
    else if (roll < 88) text += byteText(random.pick(emojis));
    else if (roll < 92) text += 'A&amp;B < C > "D"';
    else text += words[random.zipf(words.length)] ?? '';
  }
  // Flat, so that each later join copies one piece.
  return Buffer.from(`${text}.`, 'latin1').toString('latin1');
}

import type { Random } from '../../core/random.ts';
import type { Language } from '../language/language.ts';
import { emojis, foreignScraps } from '../language/languages.ts';
import { capital } from '../language/vocabulary.ts';

/** Makes titles that are different within a namespace, valid for MediaWiki and in its form: underscores, capital first. */
export class TitleMaker {
  readonly #language: Language;
  readonly #random: Random;
  readonly #taken = new Set<string>();

  constructor(language: Language, random: Random) {
    this.#language = language;
    this.#random = random;
  }

  /** Marks a title as taken; false when it was. Both forms, with spaces or underscores, are one title. */
  take(namespace: number, title: string): boolean {
    const key = `${namespace}:${title.replaceAll(' ', '_')}`;
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }

  /** A title that nobody has, with underscores. */
  article(namespace: number): string {
    for (;;) {
      const title = this.#any();
      if (this.take(namespace, title)) return title.replaceAll(' ', '_');
    }
  }

  /** The wished title, or the same with a number when it is taken. */
  like(namespace: number, wish: string, separator = '_'): string {
    // Room for the number within the 255 bytes of a title.
    const stem = cut(wish, 235).replaceAll(' ', '_');
    let title = stem;
    while (!this.take(namespace, title)) {
      title = `${stem}${separator}${this.#random.between(2, 9999)}`;
    }
    return title;
  }

  #any(): string {
    const random = this.#random;
    const roll = random.below(1000);
    if (roll < 420) return `${this.#name()} ${this.#name()}`;
    if (roll < 600) return `${this.#name()} (${random.pick(this.#language.subjects)})`;
    if (roll < 700) return `${this.#name()}, ${this.#name()}`;
    if (roll < 760) return capital(`${random.pick(this.#language.subjects)} ${this.#name()}`);
    if (roll < 800) return `${random.between(1, 2026)} ${this.#name()}`;
    if (roll < 900) return capital(`${random.pick(foreignScraps)} ${this.#name()}`);
    if (roll < 930) return `${this.#name()} & ${this.#name()}`;
    if (roll < 950) return `${this.#name()}'s "${this.#name()}"`;
    if (roll < 970) return `${this.#name()}/${this.#name()}`;
    if (roll < 980) return `${this.#name()}? ${this.#name()}!`;
    if (roll < 990) return `${random.pick(emojis)} ${this.#name()}`;
    if (roll < 995) return `${random.pick(foreignScraps)}${random.pick(foreignScraps)} ${random.below(100)}`;
    return cut(`${this.#name()} ${`${this.#name()} `.repeat(40)}`, 255);
  }

  #name(): string {
    const random = this.#random;
    let name = '';
    for (let part = random.between(2, 4); part > 0; part -= 1) name += random.pick(this.#language.syllables);
    return capital(name);
  }
}

/** At most that many bytes of UTF-8, without a space or a broken character at the end. */
function cut(text: string, bytes: number): string {
  const whole = Buffer.from(text).subarray(0, bytes).toString();
  return whole.replace(/\uFFFD$/, '').trimEnd();
}

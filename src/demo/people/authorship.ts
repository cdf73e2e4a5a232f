import type { Random } from '../../core/random.ts';
import type { Language } from '../language/language.ts';
import type { Author, People } from './people.ts';

/** Chooses who does something, and what they say of it. */
export class Authorship {
  readonly #random: Random;
  readonly #people: People;
  readonly #language: Language;

  constructor(random: Random, people: People, language: Language) {
    this.#random = random;
    this.#people = people;
    this.#language = language;
  }

  /** Anybody: bots, addresses and users in the proportions of a wiki. */
  author(): Author {
    const random = this.#random;
    const people = this.#people;
    const roll = random.below(100);
    if (roll < 8) return random.pick(people.bots);
    if (roll < 22) return people.addresses[random.zipf(people.addresses.length)] ?? people.admin;
    return this.user();
  }

  /** Somebody registered, the active ones more often. */
  user(): Author {
    const random = this.#random;
    const people = this.#people;
    return people.users[random.zipf(people.users.length)] ?? people.admin;
  }

  /** The reason of a log entry. */
  reason(): string {
    return this.#random.pick(this.#language.summaries);
  }

  /** An edit's summary; '' is usual too. */
  summary(page: { readonly title: string; readonly done: number }): string {
    const random = this.#random;
    const language = this.#language;
    const roll = random.below(100);
    const summary = random.pick(language.summaries);
    if (roll < 15) return '';
    if (roll < 55) return summary;
    if (roll < 75) return `/* ${random.pick(language.headings)} */ ${summary}`;
    if (roll < 98)
      return `${summary}, [[${page.title.replaceAll('_', ' ')}]] <${page.done}> & "${random.below(9999)}"`;
    return `${summary} 😀 ${'long summary '.repeat(30)}`.slice(0, 400);
  }
}

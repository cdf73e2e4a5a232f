import type { Random } from '../../core/random.ts';
import { byteText } from '../language/byte-text.ts';
import type { Language } from '../language/language.ts';
import { makeVocabulary } from '../language/vocabulary.ts';
import type { People } from '../people/people.ts';
import type { TextSource } from '../text/blocks.ts';
import type { PagePlan } from './page-plan.ts';
import type { WikiOptions } from './wiki-options.ts';

/** What texts are made of in this wiki: as many sentences as it needs not to repeat itself too much. */
export function makeTextSource(
  options: WikiOptions,
  language: Language,
  plans: readonly PagePlan[],
  people: People,
  random: Random,
): TextSource {
  const sentences = Math.max(2000, Math.min(150_000, Math.round((options.pages * options.meanBytes) / 1500)));
  const shown = (title: string) => byteText(title.replaceAll('_', ' '));
  const titles = (namespace: number, limit: number) =>
    plans
      .filter((plan) => plan.namespace === namespace)
      .slice(0, limit)
      .map((plan) => shown(plan.title));
  return {
    random,
    vocabulary: makeVocabulary(language, random, 8000, sentences),
    headings: language.headings.map(byteText),
    targets: {
      articles: titles(0, 50_000),
      templates: titles(10, 2000),
      categories: titles(14, 5000),
      files: titles(6, 5000),
      users: people.users.slice(0, 2000).map((user) => byteText(user.name)),
      fileNamespace: byteText(language.namespaces[6] ?? 'File'),
      categoryNamespace: byteText(language.namespaces[14] ?? 'Category'),
      userNamespace: byteText(language.namespaces[2] ?? 'User'),
    },
  };
}

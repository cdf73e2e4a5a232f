import { english } from './english.ts';
import { french } from './french.ts';
import { greek } from './greek.ts';
import type { Language } from './language.ts';

/** The content languages that a demonstration wiki can have. */
export const languages: Readonly<Record<'en' | 'fr' | 'el', Language>> = {
  en: english,
  fr: french,
  el: greek,
};
export type LanguageCode = keyof typeof languages;

/** Scraps of other scripts, which every wiki has some of: in titles, names and quotations. */
export const foreignScraps: readonly string[] = [
  'Αθήνα',
  'Москва',
  'Київ',
  '北京',
  '東京都',
  '日本語',
  'القاهرة',
  'ירושלים',
  'हिन्दी',
  'ไทย',
  '한국어',
  'Łódź',
  'Þingvellir',
  'São Tomé',
  'Ångström',
  'Gdańsk–Sopot',
  'Đà Nẵng',
  'İzmir',
  '𝔖chrift',
  '𠮷野',
];

export const emojis: readonly string[] = ['😀', '👍', '🎉', '🙏', '👩‍🚀', '🐙', '❤️', '🇬🇷'];

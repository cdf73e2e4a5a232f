import type { Random } from '../../core/random.ts';
import type { ByteText } from '../language/byte-text.ts';
import type { Vocabulary } from '../language/vocabulary.ts';
import type { LinkTargets } from './link-targets.ts';

/** What a block of wikitext is made from. */
export interface TextSource {
  readonly random: Random;
  readonly vocabulary: Vocabulary;
  readonly targets: LinkTargets;
  readonly headings: readonly ByteText[];
}

/** A block: what stands between two empty lines. Any kind but the head and the foot of an article. */
export function anyBlock(source: TextSource): ByteText {
  const roll = source.random.below(100);
  if (roll < 14) return heading(source);
  if (roll < 80) return paragraph(source);
  if (roll < 89) return bulletList(source);
  if (roll < 93) return wikitable(source);
  if (roll < 96) return image(source);
  if (roll < 98) return quotation(source);
  return `<!-- ${sentence(source)} -->`;
}

export function sentence(source: TextSource): ByteText {
  const { random, vocabulary } = source;
  return vocabulary.sentences[random.below(vocabulary.sentences.length)] ?? '';
}

export function word(source: TextSource): ByteText {
  const { random, vocabulary } = source;
  return vocabulary.words[random.zipf(vocabulary.words.length)] ?? '';
}

/** A link to an article, sometimes piped, sometimes to a section. */
export function articleLink(source: TextSource): ByteText {
  const { random, targets } = source;
  const target = targets.articles[random.zipf(targets.articles.length)] ?? '';
  const roll = random.below(10);
  if (roll < 5) return `[[${target}]]`;
  if (roll < 9) return `[[${target}|${word(source)} ${word(source)}]]`;
  return `[[${target}#${random.pick(source.headings)}|${word(source)}]]`;
}

export function heading(source: TextSource): ByteText {
  const mark = source.random.chance(0.6) ? '==' : '===';
  return `${mark} ${source.random.pick(source.headings)} ${mark}`;
}

export function paragraph(source: TextSource): ByteText {
  const { random } = source;
  const parts: ByteText[] = [];
  for (let left = random.between(2, 7); left > 0; left -= 1) {
    parts.push(sentence(source));
    const roll = random.below(100);
    if (roll < 30) parts.push(`${word(source)} ${articleLink(source)} ${word(source)}.`);
    else if (roll < 45) parts.push(reference(source));
    else if (roll < 47) parts.push('{{Citation needed|date=May 2019}}');
  }
  return parts.join(' ');
}

function reference(source: TextSource): ByteText {
  const { random } = source;
  const number = random.below(100000);
  if (random.chance(0.2)) return `<ref name="r${number % 40}" />`;
  const day = `${random.between(2004, 2026)}-0${random.between(1, 9)}-${random.between(10, 28)}`;
  return `<ref name="r${number}">{{Cite web|url=https://${word(source)}${number}.example.org/${number}?a=1&b=2|title=${sentence(source)}|access-date=${day}}}</ref>`;
}

export function bulletList(source: TextSource): ByteText {
  const lines: ByteText[] = [];
  for (let left = source.random.between(3, 9); left > 0; left -= 1) {
    lines.push(`* ${articleLink(source)} – ${word(source)} ${word(source)}`.replace('–', '\xe2\x80\x93'));
  }
  return lines.join('\n');
}

export function wikitable(source: TextSource): ByteText {
  const { random } = source;
  const lines: ByteText[] = [
    '{| class="wikitable sortable"',
    `! ${word(source)} !! ${word(source)} !! ${word(source)}`,
  ];
  for (let left = random.between(3, 14); left > 0; left -= 1) {
    lines.push('|-', `| ${articleLink(source)} || ${random.below(100000)} || ${random.below(1000) / 10} %`);
  }
  lines.push('|}');
  return lines.join('\n');
}

export function image(source: TextSource): ByteText {
  const { random, targets } = source;
  if (targets.files.length === 0) return paragraph(source);
  return `[[${targets.fileNamespace}:${random.pick(targets.files)}|thumb|${random.between(12, 40)}0px|${sentence(source)}]]`;
}

function quotation(source: TextSource): ByteText {
  return `<blockquote>${sentence(source)} ${sentence(source)}</blockquote>\n:''${word(source)}'' & "${word(source)}"`;
}

/** A template with named parameters, one a line. */
export function infobox(source: TextSource, title: ByteText): ByteText {
  const { random, targets } = source;
  const name = targets.templates[random.zipf(targets.templates.length)] ?? 'Infobox';
  const lines: ByteText[] = [`{{${name}`, `| name = ${title}`];
  for (let left = random.between(2, 12); left > 0; left -= 1) {
    lines.push(`| ${word(source)} = ${random.chance(0.5) ? random.below(10000) : articleLink(source)}`);
  }
  lines.push('}}');
  return lines.join('\n');
}

/** Reference list, categories and links to other languages: the last block of an article. */
export function foot(source: TextSource): ByteText {
  const { random, targets } = source;
  const lines: ByteText[] = ['{{Reflist}}', ''];
  for (let left = random.between(1, 4); left > 0 && targets.categories.length > 0; left -= 1) {
    lines.push(categoryLink(source));
  }
  if (random.chance(0.2)) lines.push(`[[de:${word(source)}]]`, `[[es:${word(source)}]]`);
  return lines.join('\n');
}

export function categoryLink(source: TextSource): ByteText {
  const { random, targets } = source;
  const name = targets.categories[random.zipf(targets.categories.length)] ?? '';
  return `[[${targets.categoryNamespace}:${name}${random.chance(0.1) ? `|${word(source)}` : ''}]]`;
}

/** One contribution to a discussion, signed. */
export function talkPost(source: TextSource, when: string): ByteText {
  const { random, targets } = source;
  const author = targets.users[random.zipf(targets.users.length)] ?? 'Admin';
  const parts: ByteText[] = [];
  for (let left = random.between(1, 4); left > 0; left -= 1) parts.push(sentence(source));
  const indent = ':'.repeat(random.below(4));
  return `${indent}${parts.join(' ')} [[${targets.userNamespace}:${author}|${author}]] ${when} (UTC)`;
}

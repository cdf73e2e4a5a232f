import type { Random } from '../../core/random.ts';
import type { Language } from '../language/language.ts';
import { foreignScraps } from '../language/languages.ts';
import { capital } from '../language/vocabulary.ts';

/** Whoever edits: a registered user, an address, or a name from another wiki. */
export interface Author {
  readonly actorId: number;
  readonly name: string;
  /** null: not registered here. */
  readonly userId: number | null;
}

export interface People {
  readonly admin: Author;
  readonly bots: readonly Author[];
  /** The most active first. */
  readonly users: readonly Author[];
  readonly addresses: readonly Author[];
  readonly imported: readonly Author[];
  /** Users whose names are suppressed. */
  readonly hidden: readonly Author[];
}

/** Everybody who ever edits the wiki, with ids ascending from 1. */
export function makePeople(language: Language, random: Random, revisions: number): People {
  let actors = 0;
  let users = 0;
  const names = new Set<string>();
  const registered = (name: string): Author => {
    while (names.has(name)) name = `${name} ${random.below(10_000)}`;
    names.add(name);
    actors += 1;
    users += 1;
    return { actorId: actors, name, userId: users };
  };
  const stranger = (name: string): Author | null => {
    if (names.has(name)) return null;
    names.add(name);
    actors += 1;
    return { actorId: actors, name, userId: null };
  };
  const admin = registered('Admin');
  const bots = ['CleanBot', 'ÅngströmBot', 'Link & Category Bot'].map(registered);
  const hidden = ['Private.example hidden name 1', 'Private.example hidden name 2'].map(registered);
  const userCount = Math.max(10, Math.min(20_000, Math.round(revisions / 60)));
  const userList = Array.from({ length: userCount }, () => registered(personName(language, random)));
  const addressCount = Math.max(8, Math.min(50_000, Math.round(revisions / 25)));
  const addresses = Array.from({ length: addressCount }, () => stranger(address(random)));
  const imported = Array.from({ length: Math.max(4, userCount >> 4) }, () =>
    stranger(`${random.pick(['enwiki', 'imported', 'dewiki'])}>${personName(language, random)}`),
  );
  const present = (author: Author | null): author is Author => author !== null;
  return {
    admin,
    bots,
    users: userList,
    hidden,
    addresses: addresses.filter(present),
    imported: imported.filter(present),
  };
}

export function allPeople(people: People): readonly Author[] {
  return [
    people.admin,
    ...people.bots,
    ...people.hidden,
    ...people.users,
    ...people.addresses,
    ...people.imported,
  ];
}

function personName(language: Language, random: Random): string {
  if (random.chance(0.06)) return `${capital(random.pick(foreignScraps))} ${random.below(1000)}`;
  const part = (): string => capital(random.pick(language.syllables) + random.pick(language.syllables));
  const roll = random.below(10);
  if (roll < 4) return `${part()} ${part()}`;
  if (roll < 7) return part() + random.between(1, 99);
  if (roll < 8) return `${part()} & ${part()}`;
  return part() + random.pick(language.syllables) + random.pick(language.syllables);
}

function address(random: Random): string {
  if (random.chance(0.7)) return `198.51.${random.below(256)}.${random.below(256)}`;
  const group = (): string => random.below(65_536).toString(16).toUpperCase();
  return `2001:DB8:${group()}:${group()}:${group()}:${group()}:${group()}:${group()}`;
}

/** An address as ip_changes keeps it: hexadecimal, `v6-` before the long ones. */
export function addressHex(name: string): string {
  if (!name.includes(':')) {
    return name
      .split('.')
      .map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'))
      .join('');
  }
  return `v6-${name
    .split(':')
    .map((part) => part.padStart(4, '0'))
    .join('')}`;
}

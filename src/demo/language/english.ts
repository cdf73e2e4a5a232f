import type { Language } from './language.ts';

export const english: Language = {
  code: 'en',
  words: (
    'the of and in to a is was for as on by with he that at from his it an were are which this be has also had its or ' +
    'one first their not but been they two have new who after she during other when her all there time into more only ' +
    'most about some many between over up out such made later used where city under years would three year known then ' +
    'these while part several world state group through than began early both since being however same each area name ' +
    'national before became public until local small large system century him can well team second history river water ' +
    'called found family including north south west east town built house long four main species season house work ' +
    'music published line station school road village church garden tree mountain valley island coast bridge railway ' +
    'forest winter summer harvest market museum library festival garden'
  ).split(' '),
  syllables:
    'ar bel con dor en fal gra hol in jur ken lor mar nor ost per quin ran sel tor um val wes yor zan ter ing ton ley shire mont bur'.split(
      ' ',
    ),
  headings: [
    'History',
    'Geography',
    'Early life',
    'Career',
    'Reception',
    'Description',
    'Distribution and habitat',
    'Economy',
    'Culture',
    'Transport',
    'Climate',
    'See also',
    'Notes & references',
    'Demographics',
    'Structure',
    'Works',
  ],
  subjects: [
    'river',
    'village',
    'composer',
    'railway station',
    'beetle',
    'fern',
    'lighthouse',
    'painting',
    'novel',
    'mountain',
    'bridge',
    'school',
    'football club',
    'law',
    'comet',
  ],
  summaries: [
    'typo',
    'copyedit',
    'add reference',
    'fmt',
    'expanded',
    'fix link',
    'rv vandalism',
    'more detail',
    'category',
    'cleanup',
    'grammar & spelling',
    'updated figures',
    'see talk page',
    'new section',
    'ce',
    'replaced dead link',
    '+image',
    'wikify',
  ],
  namespaces: {
    [-2]: 'Media',
    [-1]: 'Special',
    0: '',
    1: 'Talk',
    2: 'User',
    3: 'User talk',
    4: '$1',
    5: '$1 talk',
    6: 'File',
    7: 'File talk',
    8: 'MediaWiki',
    9: 'MediaWiki talk',
    10: 'Template',
    11: 'Template talk',
    12: 'Help',
    13: 'Help talk',
    14: 'Category',
    15: 'Category talk',
  },
  redirectWords: ['#REDIRECT'],
  mainPage: 'Main Page',
};

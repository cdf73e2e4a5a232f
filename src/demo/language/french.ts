import type { Language } from './language.ts';

export const french: Language = {
  code: 'fr',
  words: (
    'de la le et les des en à un une du dans est que pour qui par sur au il avec son sont plus ce pas ou se sa aux ' +
    'cette été ses ne comme ont fait après entre leur mais deux ans dont première était aussi même ville où siècle ' +
    'elle premier sous nom années depuis très peut tout lors avant grande bien trois partie fut être encore commune ' +
    'région pays nord sud ouest époque rivière forêt montagne côte île chemin école église château théâtre musée ' +
    'bibliothèque société œuvre cœur évêque français française général siège élève fête août février hiver été ' +
    'jardin maison village vallée récolte marché métier histoire géographie littérature poésie lumière'
  ).split(' '),
  syllables:
    'ar bel cour dé en fé gra hau in jour ker lor mé nor ou per quin ran sé tour vil vau ville mont bourg ière eau ette ain çon è'.split(
      ' ',
    ),
  headings: [
    'Histoire',
    'Géographie',
    'Biographie',
    'Œuvres',
    'Économie',
    'Réception',
    'Répartition et habitat',
    'Culture',
    'Transports',
    'Climat',
    'Voir aussi',
    'Notes et références',
    'Démographie',
  ],
  subjects: [
    'rivière',
    'commune',
    'compositrice',
    'gare',
    'coléoptère',
    'fougère',
    'phare',
    'tableau',
    'roman',
    'sommet',
    'pont',
    'école',
    'évêché',
  ],
  summaries: [
    'orthographe',
    'typo',
    'ajout référence',
    'mise en forme',
    'complément',
    'lien corrigé',
    'révocation',
    'précision',
    'catégorie',
    'wikification',
    'cf. pdd',
    'nouvelle section',
    'màj',
  ],
  namespaces: {
    [-2]: 'Média',
    [-1]: 'Spécial',
    0: '',
    1: 'Discussion',
    2: 'Utilisateur',
    3: 'Discussion utilisateur',
    4: '$1',
    5: 'Discussion $1',
    6: 'Fichier',
    7: 'Discussion fichier',
    8: 'MediaWiki',
    9: 'Discussion MediaWiki',
    10: 'Modèle',
    11: 'Discussion modèle',
    12: 'Aide',
    13: 'Discussion aide',
    14: 'Catégorie',
    15: 'Discussion catégorie',
  },
  redirectWords: ['#REDIRECTION', '#REDIRECT'],
  mainPage: 'Accueil',
};

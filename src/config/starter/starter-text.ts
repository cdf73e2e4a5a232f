export interface StarterWiki {
  readonly name: string;
  readonly database: string;
  readonly siteinfo: string;
  readonly passwordFile: string | null;
}

/** A rota.yaml to start from: what is needed, and as comments what is most often wanted. */
export function starterText(wiki: StarterWiki | null): string {
  return `# What this farm is: its wikis, and the jobs that run on them.
# Every key is described in docs/reference/config.md; check this file with: rota config check
# Paths are relative to this file. Durations are like 90s, 12h, 7d; sizes like 32MiB.

# name: My farm

output:
  # Finished dumps; everybody may read these and any web server can serve them.
  public: ./public
  # The same for private wikis and private tables. Outside of the public tree.
  private: ./private

# Where run control keeps its state: one file on a local disk.
store: sqlite:./rota.db

# web:
#   root: https://dumps.example.org/

# alerts:
#   webhook: { url: https://chat.example.org/hook, tokenFile: ./webhook.token }
#   mail: { to: [operators@example.org], from: rota@example.org }

${wiki === null ? exampleWiki : realWiki(wiki)}
jobs:
  full-dump:
    # On the 1st and 20th at 02:00; "continuous" goes round all wikis; "off" is only when asked (rota dump WIKI).
    schedule: "0 2 1,20 * *"
    zone: UTC
    # Published dates kept for each wiki.
    keep: 3
    # outputs: [stubs, articles, multistream, current, history, logs, titles, namespaces, tables]
    # compression: { articles: bz2, current: bz2, history: [bz2, zst] }
`;
}

const exampleWiki = `# By the name of the wiki's database, as it stands in file names.
wikis: {}
#   frwiki:
#     # An account that may only read suffices. SQLite is sqlite:./frwiki.sqlite
#     database: mysql://reader@db.example.org/frwiki
#     # Readable by its owner only; or passwordVariable: NAME for an environment variable.
#     passwordFile: ./frwiki.password
#     # A URL of api.php, a saved answer of it, or a file that begins with a dump's <siteinfo>.
#     siteinfo: https://fr.example.org/w/api.php
#     # private: true
`;

function realWiki(wiki: StarterWiki): string {
  const password =
    wiki.passwordFile === null
      ? wiki.database.startsWith('sqlite:')
        ? ''
        : '    # passwordFile: ./NAME.password\n'
      : `    # The first line is the password; readable by its owner only.\n    passwordFile: ${scalar(wiki.passwordFile)}\n`;
  return `# By the name of the wiki's database, as it stands in file names.
wikis:
  ${scalar(wiki.name)}:
    # An account that may only read suffices.
    database: ${scalar(wiki.database)}
${password}    # A URL of api.php, a saved answer of it, or a file that begins with a dump's <siteinfo>.
    siteinfo: ${scalar(wiki.siteinfo)}
    # private: true
`;
}

/** As it is where YAML takes it for a text, else in quotes (JSON's are YAML's). */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z./][A-Za-z0-9_./:?=&@%+-]*$/.test(text) && !text.endsWith(':');
  const isWord = /^(true|false|null|~)$/i.test(text);
  return isPlain && !isWord ? text : JSON.stringify(text);
}

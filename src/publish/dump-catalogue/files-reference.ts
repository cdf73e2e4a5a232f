import { dumpOutputs } from './dump-catalogue.ts';
import { dumpSets, setTitles } from './dump-output.ts';

/** docs/reference/files.md, so that the documentation cannot say anything else than the program does. */
export function filesReference(): string {
  const sections = dumpSets.map((set) => {
    const rows = dumpOutputs
      .filter((output) => output.set === set)
      .map((o) => `| \`${o.output}\` | \`${o.file}\` | \`${o.job}\` | ${o.description} |`);
    return `## ${setTitles[set]} (set \`${set}\`)\n\n| output | file | job | what it holds |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `${introduction}\n${sections.join('\n')}\n${beside}`;
}

const introduction = `# The files of a full dump

<!-- Made from src/publish/dump-catalogue/files-reference.ts; a unit test compares them. -->

Every file is called \`<wiki>-<date>-<file>\` and lies in \`public/<wiki>/<date>/\` (a private wiki's in \`private/\`).
\`{part}\` and \`{range}\` are empty unless a big file is split: \`pages-meta-history1.xml-p1p41242.bz2\` is part 1 with
the pages 1 to 41242, both included (\`jobs.full-dump.split\`; of stubs only the manifest tells the range). *Output* is the
name in \`rota.yaml\` and in the manifest; *job* is the entry of \`dumpstatus.json\` that lists the file. A *set* is verified
and published as one.

Programs expect fixed extensions in the jobs that the field knows, so a format of Rota's own never joins one of them: it
has a job of its own name (\`articleszstdump\`, \`metacurrentzstdump\`, \`metahistoryzstdump\`, \`…pageindexdump\`,
\`ledgerdump\`).

Tables are public only if they stand in the list below. Any other table must be named in the configuration, and is then
written into the private tree.
`;

const beside = `## Beside the jobs

| file | what it holds |
|---|---|
| \`manifest.json\`, \`manifest.json.sig\` | the truth about the date: snapshot times, greatest ids, versions, sets, counts, hashes; the signature verifies with \`ssh-keygen -Y verify -n rota-manifest\` |
| \`dumpstatus.json\` | jobs, states, files, sizes, md5 and sha1 (version 0.8); a file that is not there yet is \`{}\` |
| \`dumpruninfo.txt\`, \`dumpruninfo.json\` | jobs and states only |
| \`report.json\` | the files that are there, with sizes |
| \`dumpspecialfiles.json\` | which of the files of this table are there |
| \`tableinfo.json\` | the tables of the dump |
| \`<wiki>-<date>-md5sums.txt\`, \`.json\` | checksums of all files; also \`sha1sums\` and \`sha256sums\`; \`md5sums-<file>.txt\` holds one file's |
| \`<wiki>-<date>-failed-revisions.json\` | revisions whose text could not be read or was not what the database promises |
| \`index.html\`, \`status.html\` | the page of the date, and its line in the list of all wikis |

## In \`latest/\`

\`<wiki>-latest-<file>\` is a link to the newest date that has the whole set of that file; it moves back only when that date is withdrawn. Beside
each lies \`<wiki>-latest-<file>-rss.xml\`, a feed with that date. \`<wiki>-latest-md5sums.txt\` (also \`sha1sums\`,
\`sha256sums\`) lists what the links name now, which may be files of several dates.

## At the root

\`backup-index.html\` (newest first; \`index.html\` is the same), \`backup-index-bydb.html\` (by name) and \`index.json\`
(every public wiki's newest \`dumpstatus.json\` in one file). A wiki's folder has an \`index.html\` with its dates.
`;

import { catalogue } from '../../core/errors/catalogue.ts';
import type { CatalogueEntry } from '../../core/errors/entry.ts';
import { type FindingEntry, findingCatalogue } from '../../operations/doctor/finding-catalogue.ts';

/** docs/reference/errors.md. */
export function errorsPage(): string {
  const rows = Object.entries<CatalogueEntry>(catalogue)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, entry]) =>
        `| \`${code}\` | ${entry.exit} | ${entry.retryable ? 'yes' : 'no'} | ${cell(entry.meaning)} | ${cell(entry.remedy)} |`,
    );
  return `${intro}${rows.join('\n')}\n${findingsIntro}${findingRows().join('\n')}\n`;
}

function findingRows(): readonly string[] {
  return Object.entries<FindingEntry>(findingCatalogue).map(
    ([code, { level, meaning, remedy }]) =>
      `| \`${code}\` | ${level === 'either' ? 'fault or warning' : level} | ${cell(meaning)} | ${cell(remedy)} |`,
  );
}

export const exitMeanings = [
  ['0', 'done'],
  ['1', 'failed'],
  ['2', 'the command line or rota.yaml is not understood'],
  ['3', 'done, with errors that are listed'],
  ['4', 'there was nothing to do'],
  ['75', 'busy: somebody else is at it'],
  ['130', 'stopped by Ctrl-C or a signal'],
] as const;

const intro = `# Errors

<!-- Made by \`npm run docs\` from src/core/errors. Do not edit. -->

A failure is printed as \`rota: CODE: sentence\`; \`--verbose\` adds what led to it, \`rota explain CODE\` says the following.

| exit status | means |
|---|---|
${exitMeanings.map(([status, meaning]) => `| ${status} | ${meaning} |`).join('\n')}

"Retried" failures may pass by themselves (a dead connection); a run tries again with growing delays.

| code | exit | retried | meaning | what to do |
|---|---|---|---|---|
`;

const findingsIntro = `
## What only \`rota doctor\` finds

With a fault its exit status is 1, with warnings 3. What fails while it looks has the codes above.

| code | level | meaning | what to do |
|---|---|---|---|
`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}

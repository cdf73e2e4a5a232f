import { RotaError } from '../../core/errors/rota-error.ts';
import type { DumpOutput, FileSplit } from './dump-output.ts';

const safeName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/;
const dateName = /^\d{8}$/;

/** The name of a dump's file: `<wiki>-<date>-<output>`, with part and page range where the output is split. */
export function dumpFileName(
  wiki: string,
  date: string,
  output: Pick<DumpOutput, 'file'>,
  split: FileSplit = {},
): string {
  const part = split.part === undefined ? '' : String(split.part);
  const { range } = split;
  const pages = range === undefined ? '' : `-p${range.firstPageId}p${range.lastPageId}`;
  const name = output.file.replace('{part}', part).replace('{range}', pages);
  return assertFileName(`${assertWiki(wiki)}-${assertDate(date)}-${name}`);
}

/** Whether an undated name is a file of the output: whole, or any part of it. */
export function isNameOf(output: Pick<DumpOutput, 'file'>, undated: string): boolean {
  const pattern = output.file
    .replaceAll('.', '\\.')
    .replace('{part}', '\\d*')
    .replace('{range}', '(-p\\d+p\\d+)?');
  return new RegExp(`^${pattern}$`).test(undated);
}

/** The part of a dated name after `<wiki>-<date>-`, by which `latest` and the RSS feeds call the file. */
export function undatedName(wiki: string, date: string, file: string): string {
  const prefix = `${wiki}-${date}-`;
  if (!file.startsWith(prefix) || file.length === prefix.length) {
    throw new RotaError(
      'UNSAFE_FILE_NAME',
      `${JSON.stringify(file)} is not a file of ${wiki} of ${date}: its name must begin with ${prefix}`,
    );
  }
  return file.slice(prefix.length);
}

/** The name `latest` gives a file. */
export function latestName(wiki: string, date: string, file: string): string {
  return `${wiki}-latest-${undatedName(wiki, date, file)}`;
}

/** A name that stays in its folder and needs no quoting anywhere. */
export function assertFileName(name: string): string {
  return checked(name, safeName, 'the name of a published file');
}

export function assertWiki(name: string): string {
  return checked(name, safeName, 'the name of a wiki');
}

export function isDate(name: string): boolean {
  return dateName.test(name);
}

export function assertDate(name: string): string {
  return checked(name, dateName, 'a date (YYYYMMDD)');
}

function checked(name: string, pattern: RegExp, what: string): string {
  if (pattern.test(name)) return name;
  throw new RotaError('UNSAFE_FILE_NAME', `${JSON.stringify(name)} cannot be ${what}`);
}

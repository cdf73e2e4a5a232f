// Part of every bundle: stacks name the files and lines of the sources. Node's own way (--enable-source-maps) reads all maps at the
// start; this one reads them when a stack is asked for.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

const here = new URL('.', import.meta.url).href;
/** @type {Map<string, SourceMap | null>} */
const maps = new Map();

Error.prepareStackTrace = (error, sites) =>
  `${headOf(error)}${sites.map((site) => `\n    at ${placeOf(site)}`).join('')}`;

function headOf(error) {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
}

/** @param {NodeJS.CallSite} site */
function placeOf(site) {
  const text = String(site);
  const file = site.getFileName();
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (typeof file !== 'string' || !file.startsWith(here) || line === null || column === null) return text;
  const found = mapOf(file)?.findEntry(line - 1, column - 1);
  if (found?.originalSource === undefined) return text;
  const source = new URL(found.originalSource, file).href;
  return text.replace(
    `${file}:${line}:${column}`,
    `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`,
  );
}

function mapOf(file) {
  if (!maps.has(file)) {
    let map = null;
    try {
      map = new SourceMap(JSON.parse(readFileSync(new URL(`${file}.map`), 'utf8')));
    } catch {
      // Without it the bundle's own lines are better than nothing.
    }
    maps.set(file, map);
  }
  return maps.get(file);
}

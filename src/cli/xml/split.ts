import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { ContainerFormat } from '../../export/containers/read/container.ts';
import { unwritable } from '../../export/containers/write/byte-sink.ts';
import { endingOf, formatOfName, openWriter } from '../../export/containers/write/open-writer.ts';
import { type SplitRule, type SplitTarget, splitDump, splitName } from '../../files/split-dump.ts';
import type { Cli } from '../cli.ts';
import { bytesText } from '../output/quantities.ts';
import { fileTools, openDump, outputPath } from './file-tools.ts';

export interface SplitOptions {
  readonly pages?: number;
  readonly maxRawBytes?: number;
  readonly ends?: readonly number[];
  readonly output: string;
  readonly name?: string;
  readonly format?: ContainerFormat;
}

export async function split(cli: Cli, file: string, options: SplitOptions): Promise<undefined> {
  const rule = ruleOf(options);
  if (file === '-' && options.name === undefined) {
    throw new RotaError('USAGE', 'standard input has no name: give one with --name, such as x-pages.xml.bz2');
  }
  const source = await openDump(cli, file);
  const base = basename(options.name ?? file);
  const format = options.format ?? formatOfName(base);
  const folder = resolve(cli.io.cwd, options.output);
  const passing = (number: number) => join(folder, `.${base}.${number}${endingOf(format)}`);
  const target: SplitTarget = {
    open: (number) => openWriter(passing(number), format, fileTools(cli)),
    name: async (number, first, last) => {
      const path = join(folder, splitName(base, endingOf(format), { number, first, last }));
      try {
        // Its reading goes on: what is read is not written over.
        outputPath(cli, path, [file]);
        await rename(passing(number), path);
      } catch (error) {
        await rm(passing(number), { force: true });
        throw error instanceof RotaError ? error : unwritable(path, error);
      }
      return path;
    },
  };
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw unwritable(folder, error);
  });
  for await (const part of splitDump(source, rule, target)) {
    const { pages, revisions, rawBytes } = part;
    const what = `${pages} pages, ${revisions} revisions, ${bytesText(rawBytes)} of XML`;
    cli.out.line(part, `${basename(part.file)}: ${what}`);
  }
}

function ruleOf(options: SplitOptions): SplitRule {
  const rules: SplitRule[] = [];
  if (options.pages !== undefined) rules.push({ by: 'pages', pages: options.pages });
  if (options.maxRawBytes !== undefined) rules.push({ by: 'bytes', rawBytes: options.maxRawBytes });
  if (options.ends !== undefined) rules.push({ by: 'ids', ends: options.ends });
  const [rule] = rules;
  if (rule !== undefined && rules.length === 1) return rule;
  throw new RotaError('USAGE', 'say where to cut by one of --pages, --max-raw-bytes and --ends');
}

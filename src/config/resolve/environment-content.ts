import { resolve } from 'node:path';
import type * as z from 'zod';
import type { EnvironmentContent } from '../environment-content-config.ts';
import type { Path } from '../faults/document.ts';
import type { environment } from '../schema/environment.ts';
import type { Report } from './report.ts';

type Parsed = z.output<typeof environment>;

/** What lies beside the version on hosts; a path that is declared twice, or within another, is reported. */
export function resolveContent(
  given: Parsed,
  at: Path,
  { folder, report }: { readonly folder: string; readonly report: Report },
): EnvironmentContent {
  const content: EnvironmentContent = {
    links: (given.links ?? []).map((link) => ({
      path: link.path,
      kind: link.kind ?? 'folder',
      mode: link.mode ?? '0755',
      group: link.group ?? null,
    })),
    files: (given.files ?? []).map((file) => ({
      path: file.path,
      source: resolve(folder, file.template),
      mode: file.mode ?? '0644',
      group: file.group ?? null,
    })),
    secrets: (given.secrets ?? []).map((secret) => ({
      path: secret.path,
      source: resolve(folder, secret.file),
      mode: secret.mode ?? '0640',
      group: secret.group ?? null,
    })),
    vars: given.vars ?? {},
    assets: given.assets === undefined ? null : { paths: given.assets.paths, keep: given.assets.keep ?? 10 },
    owner: given.owner ?? null,
  };
  const seen: string[] = ['VERSION.json'];
  for (const key of ['links', 'files', 'secrets'] as const) {
    for (const [i, { path }] of content[key].entries()) {
      const other = seen.find(
        (one) => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/`),
      );
      if (other !== undefined)
        report.fault([...at, key, i, 'path'], `${path} and ${other} cannot both be there`);
      seen.push(path);
    }
  }
  return content;
}

import { catalogue, type ErrorCode } from '../core/errors/catalogue.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import type { MakePreview, PreviewFacts, PreviewRule } from '../web/scopes/previews.ts';
import type { Cli } from './cli.ts';

/**
 * Makes previews with `rota report preview` in a process of its own: a scope may take seconds of a core and hundreds of
 * megabytes, while the server has others to answer.
 */
export function previewMaker(cli: Cli, configFile: string): MakePreview {
  return async ({ file, output, signal }) => {
    const program = [...process.execArgv, process.argv[1] ?? ''];
    const args = ['--json', '--config', configFile, 'report', 'preview', file, '-o', output];
    const { execa } = await import('execa');
    const result = await execa(process.execPath, [...program, ...args], {
      cwd: cli.io.cwd,
      env: cli.io.env,
      extendEnv: false,
      cancelSignal: signal,
      reject: false,
      stdin: 'ignore',
    });
    if (result.failed) throw failureOf(result.stderr, file, result.isCanceled);
    const lines = result.stdout.split('\n').map((line): PreviewRule | PreviewFacts => JSON.parse(line));
    const rules = lines.filter((line) => 'kind' in line);
    const facts = lines.find((line) => 'asOf' in line);
    if (facts === undefined) throw new RotaError('INTERNAL', 'a preview told nothing of its scope');
    const { asOf, problems, gained, lost, moved } = facts;
    return { rules, asOf, problems, gained, lost, moved };
  };
}

/** `rota: CODE: sentence` as the failure that it was there. */
function failureOf(stderr: string, file: string, isCanceled: boolean): RotaError {
  const text = stderr.replaceAll(file, 'the scope');
  const [, code = '', message = ''] = /^rota: ([A-Z_]+): ([\s\S]+)$/m.exec(text) ?? [];
  if (Object.hasOwn(catalogue, code)) return new RotaError(code as ErrorCode, message.trim());
  return new RotaError(
    'REPORT_DATA_UNREADABLE',
    isCanceled ? 'the preview took too long' : `the preview failed: ${text.trim().slice(0, 500)}`,
  );
}

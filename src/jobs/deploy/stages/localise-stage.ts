import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { LocalisationSettings } from '../../../config/environment-recipe-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { cachePath } from '../localisation/built-files.ts';
import { exportScript } from '../localisation/export-script.ts';
import { type DeployContext, DeployStage } from './deploy-stage.ts';

/** As much of what PHP says as a message can bear. */
const keptChars = 500;

/**
 * Makes MediaWiki's localisation cache in the staging tree, with the tree's own PHP code: arrays in `cache/l10n`, which are
 * part of the version like any other file, so that hosts have nothing to rebuild; or (`store: cdb`) JSON, of which hosts make CDB
 * files. What is up to date is left alone.
 */
export class LocaliseStage extends DeployStage {
  readonly name = 'localise';
  readonly #settings: LocalisationSettings;

  constructor(settings: LocalisationSettings) {
    super();
    this.#settings = settings;
  }

  override plan(): readonly string[] {
    return this.#settings.roots;
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment } = context;
    const rebuilt: Record<string, number | null> = {};
    for (const root of this.#settings.roots) {
      const at = resolve(environment.source, root);
      const to = join(environment.source, cachePath(root));
      if (this.#settings.store === 'static-array') rebuilt[root] = await this.#rebuild(context, at, to);
      else {
        // Beside the versions: the CDB files of this machine are no part of one.
        const kind = createHash('sha256').update(JSON.stringify([root, this.#settings.languages]));
        const files = join(environment.repository, 'l10n', kind.digest('hex').slice(0, 16));
        await mkdir(files, { recursive: true });
        rebuilt[root] = await this.#rebuild(context, at, files);
        await this.#php(context, at, ['-d', 'memory_limit=-1', '-r', exportScript, '--', at, files, to]);
      }
    }
    return done({ rebuilt });
  }

  async #rebuild(context: DeployContext, root: string, to: string): Promise<number | null> {
    const [script = '', ...args] = localiseArguments(this.#settings, root, to);
    if (!(await stat(script).catch(() => null))?.isFile()) {
      throw new RotaError(
        'SOURCE_UNFIT',
        `${root} holds no MediaWiki (${script} is not there): see localisation.roots`,
      );
    }
    const [, count] =
      /(\d+) languages? rebuilt/.exec(await this.#php(context, root, [script, ...args])) ?? [];
    return count === undefined ? null : Number(count);
  }

  /** What PHP says. @throws RotaError LOCALISATION_FAILED, PROGRAM_MISSING */
  async #php({ stage }: DeployContext, root: string, args: readonly string[]): Promise<string> {
    const { php, timeoutMs } = this.#settings;
    const { execa } = await import('execa');
    const result = await execa(php, args, {
      cwd: root,
      reject: false,
      all: true,
      stdin: 'ignore',
      timeout: timeoutMs,
      cancelSignal: stage.signal,
      // What PHP writes must be readable to whoever serves it.
      env: { LC_ALL: 'C' },
    });
    stage.signal.throwIfAborted();
    const said = (result.all ?? '').trim();
    if (result.exitCode === 0) return said;
    const { code } = result as unknown as { readonly code?: string };
    if (code === 'ENOENT')
      throw new RotaError('PROGRAM_MISSING', `${php} is not installed: see localisation.php`);
    const why = result.timedOut
      ? `took longer than ${timeoutMs / 1000} s`
      : `ended with status ${result.exitCode}`;
    throw new RotaError(
      'LOCALISATION_FAILED',
      `Making the localisation cache of ${root} ${why}: ${said.slice(-keptChars) || 'it said nothing'}`,
    );
  }
}

/** What PHP is started with. */
export function localiseArguments(
  { settings, threads, languages, store }: LocalisationSettings,
  root: string,
  to: string,
): readonly string[] {
  return [
    join(root, 'maintenance/rebuildLocalisationCache.php'),
    '--conf',
    isAbsolute(settings) ? settings : join(root, settings),
    '--outdir',
    to,
    '--store-class',
    store === 'cdb' ? 'LCStoreCDB' : 'LCStoreStaticArray',
    '--no-database',
    '--skip-message-purge',
    '--no-progress',
    '--threads',
    String(threads),
    ...(languages === null ? [] : ['--lang', languages.join(',')]),
  ];
}

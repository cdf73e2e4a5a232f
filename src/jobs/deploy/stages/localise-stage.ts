import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { LocalisationSettings } from '../../../config/environment-recipe-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { type DeployContext, DeployStage } from './deploy-stage.ts';

/** As much of what PHP says as a message can bear. */
const keptChars = 500;

/**
 * Makes MediaWiki's localisation cache in the staging tree, with the tree's own PHP code: arrays in `cache/l10n`, which are
 * part of the version like any other file. Hosts have nothing to rebuild. What is up to date is left alone.
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
      rebuilt[root] = await this.#rebuild(context, resolve(environment.source, root));
    }
    return done({ rebuilt });
  }

  async #rebuild({ stage }: DeployContext, root: string): Promise<number | null> {
    const { php, timeoutMs } = this.#settings;
    const [script = '', ...args] = localiseArguments(this.#settings, root);
    if (!(await stat(script).catch(() => null))?.isFile()) {
      throw new RotaError(
        'SOURCE_UNFIT',
        `${root} holds no MediaWiki (${script} is not there): see localisation.roots`,
      );
    }
    const { execa } = await import('execa');
    const result = await execa(php, [script, ...args], {
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
    if (result.exitCode === 0) {
      const [, count] = /(\d+) languages? rebuilt/.exec(said) ?? [];
      return count === undefined ? null : Number(count);
    }
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
  { settings, threads, languages }: LocalisationSettings,
  root: string,
): readonly string[] {
  return [
    join(root, 'maintenance/rebuildLocalisationCache.php'),
    '--conf',
    isAbsolute(settings) ? settings : join(root, settings),
    '--outdir',
    join(root, 'cache/l10n'),
    '--store-class',
    'LCStoreStaticArray',
    '--no-database',
    '--skip-message-purge',
    '--no-progress',
    '--threads',
    String(threads),
    ...(languages === null ? [] : ['--lang', languages.join(',')]),
  ];
}

import { dirname } from 'node:path';
import type { FarmConfig } from '../config/farm-config.ts';
import { findConfig } from '../config/find-config.ts';
import type { Clock } from '../core/clock.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { type Io, wantsColor } from './io.ts';
import type { OpenLog } from './open-log.ts';
import { Output } from './output/output.ts';

export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  /** false with --no-color. */
  readonly color: boolean;
}

export interface CliDependencies {
  readonly io: Io;
  readonly clock: Clock;
  /** Aborted by the first Ctrl-C (or SIGTERM, SIGHUP): stop cleanly. */
  readonly signal: AbortSignal;
  /** Rota's version, as in package.json. */
  readonly version: string;
  /** Of the whole command line; valid once an action runs. */
  readonly globalOptions: () => GlobalOptions;
}

/** What a command has to work with. Its own work is elsewhere: it reads its options, calls a room, prints. */
export class Cli {
  readonly io: Io;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly version: string;
  readonly #globalOptions: () => GlobalOptions;
  #status: ExitStatus = exitStatus.done;
  #farm: Promise<FarmConfig> | undefined;

  constructor(dependencies: CliDependencies) {
    this.io = dependencies.io;
    this.clock = dependencies.clock;
    this.signal = dependencies.signal;
    this.version = dependencies.version;
    this.#globalOptions = dependencies.globalOptions;
  }

  get global(): GlobalOptions {
    return this.#globalOptions();
  }

  /** The exit status that the action returned. */
  get status(): ExitStatus {
    return this.#status;
  }

  get out(): Output {
    const { stdout, stderr, env } = this.io;
    const { json = false, color } = this.global;
    return new Output({ stdout, stderr, json, color: wantsColor(stdout, env, color) });
  }

  /** Makes a commander action of one that returns its exit status (nothing: done). */
  action<A extends readonly unknown[]>(
    run: (...args: A) => Promise<ExitStatus | undefined> | ExitStatus | undefined,
  ): (...args: A) => Promise<void> {
    return async (...args) => {
      this.#status = (await run(...args)) ?? exitStatus.done;
    };
  }

  /** The file that --config, ROTA_CONFIG or the folder names: an absolute path. */
  configFile(): Promise<string> {
    return findConfig({ named: this.global.config, env: this.io.env, cwd: this.io.cwd });
  }

  /** The configuration, read once; what is doubtful in it is told on standard error. */
  farm(): Promise<FarmConfig> {
    this.#farm ??= this.#readFarm();
    return this.#farm;
  }

  /** The log that rota.yaml asks for; the caller closes it (`await using`). */
  async openLog(): Promise<OpenLog> {
    const [{ log }, { openLog }] = await Promise.all([this.farm(), import('./open-log.ts')]);
    const { json = false, verbose = false } = this.global;
    if (log.file !== null) {
      const { makeFolders } = await import('../publish/files/make-folders.ts');
      await makeFolders(dirname(log.file));
    }
    return openLog({ ...log, level: verbose ? 'debug' : log.level, stderr: this.io.stderr, json });
  }

  async #readFarm(): Promise<FarmConfig> {
    // The schema is loaded only by commands that read rota.yaml: it is most of the time that `rota --help` would take.
    const [{ loadConfig }, { formatFault }] = await Promise.all([
      import('../config/load-config.ts'),
      import('../config/faults/fault.ts'),
    ]);
    const { config, warnings } = await loadConfig(await this.configFile(), this.io);
    for (const warning of warnings) this.out.remark(`rota: ${formatFault(warning)}`);
    return config;
  }
}

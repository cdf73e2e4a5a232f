import { Command, CommanderError } from 'commander';
import type { Clock } from '../core/clock.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { Cli, type GlobalOptions } from './cli.ts';
import type { RegisterCommand } from './command-module.ts';
import { type Io, wantsColor } from './io.ts';
import { asRotaError, printError } from './output/print-error.ts';

export interface ProgramOptions {
  readonly io: Io;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly version: string;
  readonly commands: readonly RegisterCommand[];
}

/** Runs a command line (without `node` and the script) and says how it ended. It never throws and never exits. */
export async function runCommandLine(args: readonly string[], options: ProgramOptions): Promise<ExitStatus> {
  const { program, cli } = makeProgram(options);
  const verbose = args.includes('--verbose');
  try {
    await program.parseAsync([...args], { from: 'user' });
    return cli.status;
  } catch (error) {
    if (error instanceof CommanderError && isHelp(error)) {
      return error.code === 'commander.help' ? exitStatus.usage : exitStatus.done;
    }
    if (isOutputGone(options.signal)) return exitStatus.failed;
    const failure = error instanceof CommanderError ? usageError(error) : asRotaError(error, options.signal);
    printError(options.io.stderr, failure, verbose);
    return failure.exit;
  }
}

/** The program with all its commands: what is run, what help and completions are made from. */
export function makeProgram(options: ProgramOptions): { readonly program: Command; readonly cli: Cli } {
  const { io, version } = options;
  const program: Command = new Command('rota')
    .description('Runs the recurring operations of a MediaWiki farm.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .option('--config <file>', 'the farm (else ROTA_CONFIG, or rota.yaml here or above)')
    .option('--json', 'print data as lines of JSON')
    .option('--verbose', 'tell more, and why something failed')
    .option('--no-color', 'no colours (nor with NO_COLOR set)')
    .configureHelp({
      showGlobalOptions: true,
      visibleGlobalOptions: (command) => (command.parent === null ? [] : [...program.options]),
    })
    .hook('preAction', (_program, command) => refuseOptionsOfOthers(command))
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // What is wrong with the command line is printed once, as every other failure.
      outputError: () => {},
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
      getOutHasColors: () => wantsColor(io.stdout, io.env, true),
      getErrHasColors: () => wantsColor(io.stderr, io.env, true),
    })
    .exitOverride();
  const cli = new Cli({
    io,
    clock: options.clock,
    signal: options.signal,
    version,
    globalOptions: () => program.opts<GlobalOptions>(),
  });
  for (const register of options.commands) register(program, cli);
  return { program, cli };
}

/**
 * `rota dump` has options and commands below it: what is given for `rota dump` must not be silently without effect on
 * `rota dump withdraw`, which would take back all dates instead of one.
 */
function refuseOptionsOfOthers(command: Command): void {
  const own = new Set(command.options.map((option) => option.attributeName()));
  for (let above = command.parent; above !== null && above.parent !== null; above = above.parent) {
    for (const option of above.options) {
      const name = option.attributeName();
      // What both have, the one above takes first: the command asks for that itself.
      if (own.has(name) || above.getOptionValueSource(name) !== 'cli') continue;
      const [theirs, ours] = [above, command].map(wordsOf);
      throw new RotaError(
        'USAGE',
        `${option.long ?? option.short} given here belongs to ${theirs}, not to ${ours}; see --help`,
      );
    }
  }
}

function wordsOf(command: Command): string {
  return command.parent === null ? command.name() : `${wordsOf(command.parent)} ${command.name()}`;
}

/** Standard output failed, and whoever aborted for that has told it: what fails in consequence is no news. */
function isOutputGone(signal: AbortSignal): boolean {
  const { code } = (signal.reason ?? {}) as NodeJS.ErrnoException;
  return signal.aborted && (code === 'EPIPE' || code === 'ENOSPC' || code === 'EIO');
}

function isHelp(error: CommanderError): boolean {
  return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code);
}

/** commander: "error: unknown command 'sttus'\n(Did you mean status?)" */
function usageError(error: CommanderError): RotaError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const hint = rest.join(' ').trim();
  const sentence = hint === '' ? `${first}; see --help` : `${first} ${hint.replace('Did', 'did')}`;
  return new RotaError('USAGE', sentence, { cause: error });
}

import type { Command } from 'commander';
import type { Cli } from './cli.ts';

/** One command (with its subcommands): adds itself to the program. Files under commands/ export one of these each. */
export type RegisterCommand = (program: Command, cli: Cli) => void;

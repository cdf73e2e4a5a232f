import type { RegisterCommand } from '../command-module.ts';
import { registerCompletion } from './completion.ts';
import { registerConfig } from './config.ts';
import { registerDemo } from './demo.ts';
import { registerDump } from './dump.ts';
import { registerExplain } from './explain.ts';
import { registerExport } from './export.ts';
import { registerInit } from './init.ts';
import { registerMonitor } from './monitor.ts';
import { registerWorkOn } from './work-on.ts';
import { registerWorker } from './worker.ts';

/** The commands, in the order of `rota --help`. A new one is one line here. */
export const commands: readonly RegisterCommand[] = [
  registerInit,
  registerConfig,
  registerExport,
  registerDump,
  registerWorker,
  registerMonitor,
  registerWorkOn,
  registerDemo,
  registerExplain,
  registerCompletion,
];

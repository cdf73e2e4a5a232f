import type { RegisterCommand } from '../command-module.ts';
import { registerAttach } from './attach.ts';
import { registerChanges } from './changes.ts';
import { registerCompare } from './compare.ts';
import { registerCompletion } from './completion.ts';
import { registerConfig } from './config.ts';
import { registerDemo } from './demo.ts';
import { registerDeploy, registerPush } from './deploy.ts';
import { registerDoctor } from './doctor.ts';
import { registerDump } from './dump.ts';
import { registerExplain } from './explain.ts';
import { registerExport } from './export.ts';
import { registerImport } from './import.ts';
import { registerInit } from './init.ts';
import { registerMonitor } from './monitor.ts';
import { registerPause, registerResume } from './pause.ts';
import { registerReport } from './report.ts';
import { registerRun } from './run.ts';
import { registerSchedule } from './schedule.ts';
import { registerServe } from './serve.ts';
import { registerStatus } from './status.ts';
import { registerStore } from './store.ts';
import { registerToken } from './token.ts';
import { registerUp } from './up.ts';
import { registerWhy } from './why.ts';
import { registerWorkOn } from './work-on.ts';
import { registerWorker } from './worker.ts';
import { registerXml } from './xml.ts';

/** The commands, in the order of `rota --help`. A new one is one line here. */
export const commands: readonly RegisterCommand[] = [
  registerInit,
  registerConfig,
  registerExport,
  registerDump,
  registerChanges,
  registerXml,
  registerCompare,
  registerReport,
  registerPush,
  registerDeploy,
  registerDoctor,
  registerUp,
  registerWorker,
  registerMonitor,
  registerServe,
  registerToken,
  registerStatus,
  registerWhy,
  registerAttach,
  registerRun,
  registerPause,
  registerResume,
  registerSchedule,
  registerStore,
  registerWorkOn,
  registerImport,
  registerDemo,
  registerExplain,
  registerCompletion,
];

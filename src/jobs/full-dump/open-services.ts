import { isRotaError } from '../../core/errors/rota-error.ts';
import { findBz2Program } from '../../export/containers/bz2/compressor.ts';
import type { Program } from '../../export/containers/program.ts';
import type { JobTools, OpenServices } from '../definition/job-definition.ts';
import { ContentThreads } from './content/content-threads.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { FullDumpServices } from './services.ts';
import { StatusBoard } from './status/status-board.ts';

export async function openServices(tools: JobTools): Promise<OpenServices<FullDumpServices>> {
  const { farm, trees, clock, env, version } = tools;
  const searchPath = env.PATH ?? '';
  const threads = new ContentThreads();
  return {
    services: {
      farm,
      trees,
      bz2: await bz2Program(searchPath),
      searchPath,
      version,
      threads,
      meter: new ProgressMeter(clock),
      status: new StatusBoard(),
    },
    [Symbol.asyncDispose]: () => threads.close(),
  };
}

export async function bz2Program(searchPath: string): Promise<Program | null> {
  try {
    return await findBz2Program(searchPath);
  } catch (error) {
    // A farm without bz2 files needs none; preflight says so to the others.
    if (isRotaError(error, 'PROGRAM_MISSING')) return null;
    throw error;
  }
}

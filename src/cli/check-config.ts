import { relative } from 'node:path';
import { type Fault, formatFault } from '../config/faults/fault.ts';
import { loadConfig } from '../config/load-config.ts';
import { missingFiles } from '../config/missing-files.ts';
import { isRotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { Cli } from './cli.ts';

/** `rota config check`: faults are its data, so they go to standard output. */
export async function checkConfig(cli: Cli): Promise<ExitStatus> {
  const { out, io } = cli;
  const file = await cli.configFile();
  try {
    const { config, warnings } = await loadConfig(file, io);
    for (const warning of warnings) out.line(warning, formatFault(warning));
    for (const missing of await missingFiles(config)) {
      out.line({ severity: 'warning', ...missing }, `warning: ${missing.what} is not there: ${missing.path}`);
    }
    const wikis = config.wikis.size === 1 ? 'one wiki' : `${config.wikis.size} wikis`;
    out.remark(`${relative(io.cwd, file) || file} is good: ${wikis}`);
    return exitStatus.done;
  } catch (error) {
    if (!isRotaError(error, 'CONFIG_INVALID')) throw error;
    const faults = error.facts.faults as readonly Fault[];
    for (const fault of faults) out.line(fault, formatFault(fault));
    const count = faults.filter((fault) => fault.severity === 'error').length;
    out.remark(
      `rota: CONFIG_INVALID: ${count === 1 ? 'one fault' : `${count} faults`}; nothing is run before it is mended`,
    );
    return exitStatus.usage;
  }
}

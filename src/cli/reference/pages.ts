import { configPage } from '../../config/reference/config-page.ts';
import { cliPage } from './cli-page.ts';
import { errorsPage } from './errors-page.ts';

/** Pages of docs/reference/ that are made from the code, by file name. */
export const generatedPages: Readonly<Record<string, () => string>> = {
  'cli.md': cliPage,
  'config.md': configPage,
  'errors.md': errorsPage,
};

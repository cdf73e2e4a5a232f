import { configPage } from '../../config/reference/config-page.ts';
import { apiPage } from './api-page.ts';
import { cliPage } from './cli-page.ts';
import { errorsPage } from './errors-page.ts';
import { manPage } from './man-page.ts';

/** Pages that are made from the code, by their path in docs/. */
export const generatedPages: Readonly<Record<string, () => string>> = {
  'man/rota.1': manPage,
  'reference/api.md': apiPage,
  'reference/cli.md': cliPage,
  'reference/config.md': configPage,
  'reference/errors.md': errorsPage,
};

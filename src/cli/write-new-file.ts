import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { RotaError } from '../core/errors/rota-error.ts';
import { systemCode } from '../publish/files/file-failure.ts';

/**
 * Writes a file that is not there yet, nor a link of that name.
 *
 * @param file absolute
 * @throws RotaError CONFIG_EXISTS, FILE_UNWRITABLE
 */
export function writeNewFile(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    const code = systemCode(cause);
    if (code === undefined) throw cause;
    if (code === 'EEXIST')
      throw new RotaError(
        'CONFIG_EXISTS',
        `${file} is there already, and nothing is overwritten: name another with -o`,
        {
          cause,
        },
      );
    throw new RotaError(
      'FILE_UNWRITABLE',
      `${file} cannot be written (${code}): look at the folder ${dirname(file)}, or name another file with -o`,
      { cause },
    );
  }
}

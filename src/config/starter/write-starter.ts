import { rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import { starterText } from './starter-text.ts';

export interface StarterOptions {
  readonly wiki?: string;
  readonly database?: string;
  /** A URL, or a path relative to `cwd`. */
  readonly siteinfo?: string;
}

/**
 * Writes a rota.yaml to start from. A password that stands in the database's URL goes to a file of its own. Both are written, or
 * neither: a rota.yaml beside an older password would be taken for good, and the new password be gone.
 * @param makeFolders makes a folder with those above it
 * @returns the files written, relative to `cwd`
 * @throws RotaError CONFIG_EXISTS, FILE_UNWRITABLE, USAGE
 */
export async function writeStarter(
  file: string,
  options: StarterOptions,
  cwd: string,
  makeFolders: (path: string) => Promise<unknown>,
): Promise<{ readonly written: readonly string[] }> {
  const target = resolve(cwd, file);
  const folder = dirname(target);
  const { wiki, siteinfo } = options;
  if (wiki === undefined && (options.database !== undefined || siteinfo !== undefined)) {
    throw new RotaError('USAGE', '--database and --siteinfo belong to a wiki: name it with --wiki');
  }
  if (wiki !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(wiki)) {
    throw new RotaError(
      'USAGE',
      `${JSON.stringify(wiki)} cannot be a wiki's name: use letters, digits, "_" and "-"`,
    );
  }
  const database = options.database ?? `mysql://reader@localhost/${wiki}`;
  const { url, password } = withoutPassword(database);
  const passwordName = password === null ? null : `${wiki}.password`;
  const text = starterText(
    wiki === undefined
      ? null
      : {
          name: wiki,
          database: fromFolder(url, 'sqlite:', folder, cwd),
          siteinfo: siteinfo === undefined ? `./${wiki}-siteinfo.xml` : fromFolder(siteinfo, '', folder, cwd),
          passwordFile: passwordName === null ? null : `./${passwordName}`,
        },
  );
  await makeFolders(folder);
  if (password === null || passwordName === null)
    return { written: [await writeNew(target, text, 0o644, cwd)] };
  const passwordFile = join(folder, passwordName);
  const written = await writeNew(passwordFile, `${password}\n`, 0o600, cwd);
  try {
    return { written: [await writeNew(target, text, 0o644, cwd), written] };
  } catch (error) {
    await rm(passwordFile, { force: true });
    throw error;
  }
}

async function writeNew(file: string, text: string, mode: number, cwd: string): Promise<string> {
  const shown = relative(cwd, file) || file;
  try {
    await writeFile(file, text, { flag: 'wx', mode });
    return shown;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') {
      throw new RotaError(
        'CONFIG_EXISTS',
        `${shown} is there already and is left as it is; edit it or move it away`,
      );
    }
    throw new RotaError(
      'FILE_UNWRITABLE',
      `${shown} cannot be written (${code}): name another place with --config`,
      {
        cause: error,
      },
    );
  }
}

function withoutPassword(database: string): { readonly url: string; readonly password: string | null } {
  if (!URL.canParse(database)) return { url: database, password: null };
  const url = new URL(database);
  if (url.password === '') return { url: database, password: null };
  const password = decoded(url.password);
  url.password = '';
  return { url: url.href, password };
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch (cause) {
    throw new RotaError(
      'USAGE',
      'The password in --database has a % that is no escape: write %25 for a percent sign, or leave the password out',
      { cause },
    );
  }
}

/** A path that was typed here, as it is seen from the folder of rota.yaml. */
function fromFolder(text: string, prefix: string, folder: string, cwd: string): string {
  if (!text.startsWith(prefix) || /^[a-z][a-z0-9+.-]*:\/\//i.test(text.slice(prefix.length))) return text;
  const path = text.slice(prefix.length);
  if (path.startsWith('/')) return text;
  const seen = relative(folder, resolve(cwd, path));
  return `${prefix}${seen.startsWith('.') ? seen : `./${seen}`}`;
}

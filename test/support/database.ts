import { execa } from 'execa';
import { type Connection, createConnection } from 'mysql2/promise';
import type { MariadbAddress } from './mariadb.ts';
import { program } from './requirements.ts';

/** A connection as root; texts come as Buffers where the column is binary. */
export async function connectAsRoot(
  server: MariadbAddress,
  database?: string,
): Promise<Connection & AsyncDisposable> {
  const connection = await createConnection({
    socketPath: server.socket,
    user: 'root',
    multipleStatements: true,
    ...(database === undefined ? {} : { database }),
  });
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.end() });
}

/** Runs statements as root, and gives the rows of the last as arrays of strings. */
export async function sql(server: MariadbAddress, database: string, statements: string): Promise<string[][]> {
  const { stdout } = await execa(
    program('mariadb'),
    [...rootOptions(server), '--batch', '--skip-column-names', '--default-character-set=binary', database],
    { input: statements, stripFinalNewline: false },
  );
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}

export async function dumpDatabase(server: MariadbAddress, database: string, file: string): Promise<void> {
  const options = ['--default-character-set=binary', '--hex-blob', '--skip-dump-date', '--no-tablespaces'];
  await execa(program('mariadb-dump'), [...rootOptions(server), ...options, database], { stdout: { file } });
}

/** Makes `database` what `file` holds, whatever it was before. */
export async function restoreDatabase(server: MariadbAddress, database: string, file: string): Promise<void> {
  await sql(
    server,
    'mysql',
    `DROP DATABASE IF EXISTS \`${database}\`; CREATE DATABASE \`${database}\` CHARACTER SET binary`,
  );
  await execa(
    program('mariadb'),
    [...rootOptions(server), '--default-character-set=binary', '--binary-mode', database],
    {
      inputFile: file,
    },
  );
}

export async function dropDatabase(server: MariadbAddress, database: string): Promise<void> {
  await sql(server, 'mysql', `DROP DATABASE IF EXISTS \`${database}\``);
}

/**
 * Runs `work` while no other test process works under the same name. The server holds the lock, so a test that dies
 * lets it go.
 */
export async function withServerLock<T>(
  server: MariadbAddress,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  await using connection = await connectAsRoot(server);
  await connection.query('SELECT GET_LOCK(?, 600)', [name]);
  return await work();
}

function rootOptions(server: MariadbAddress): readonly string[] {
  return ['--no-defaults', '-S', server.socket, '-uroot'];
}

import type { ErrorCode } from '../../../core/errors/catalogue.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { describeAddress, type MariadbAddress } from '../database-address.ts';
import { ConnectionLost, ServerError } from './server-error.ts';

/** Numbers of the server's errors (MariaDB error codes) after which the connection is of no use any more. */
const lossNumbers = new Set([
  1040, // too many connections
  1053, // server shutdown in progress
  1077,
  1079,
  1080, // forced close
  1152, // aborted connection
  1158,
  1159,
  1160,
  1161, // network read and write errors
  1184, // new aborted connection
  1203, // user has too many connections
  1226, // user resource limit
  1927, // connection was killed
  2006,
  2013,
  3159,
  4031, // disconnected for inactivity
]);
const lossCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
]);
const interruptedNumbers = new Set([1205, 1213, 1317, 1969, 3024, 1028, 1030, 1412]);

/** Whether a new connection may help. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true;
  const number = numberOf(error);
  if (number !== 0 && lossNumbers.has(number)) return true;
  return lossCodes.has(codeOf(error));
}

/** Turns an error of the driver or the server into one for people. The message names no password. */
export function mariadbError(error: unknown, address: MariadbAddress): RotaError {
  if (error instanceof RotaError) return error;
  const where = describeAddress(address);
  const message = error instanceof Error ? error.message : String(error);
  const make = (code: ErrorCode, text: string, facts: Record<string, unknown> = {}) =>
    new RotaError(code, text, { cause: error, facts: { database: where, ...facts } });
  const number = numberOf(error);
  switch (number) {
    case 1045:
    case 1130:
    case 1129:
    case 1251:
    case 1275:
    case 1698:
    case 1820:
    case 4151:
      return make(
        'DATABASE_LOGIN_REFUSED',
        `${where} refused the login (${message}): check the user and its password.`,
      );
    case 1044:
      return make(
        'DATABASE_MISSING',
        `The account may not use the database of ${where}: GRANT SELECT ON \`${address.database}\`.* TO the account.`,
      );
    case 1049:
      return make(
        'DATABASE_MISSING',
        `There is no database "${address.database}" on ${where}: check its name in rota.yaml.`,
      );
    case 1146: {
      const table = /'[^']*?([^'.]+)'/.exec(message)?.[1] ?? 'unknown';
      return make(
        'TABLE_MISSING',
        `${where} has no table "${table}": check the name of the database and tablePrefix ($wgDBprefix).`,
        { table },
      );
    }
    case 1142:
    case 1143: {
      const table = /for table [`']?(?:[^`'.]+[`']?\.[`']?)?([^`']+)[`']?/.exec(message)?.[1] ?? 'unknown';
      return make(
        'TABLE_NOT_GRANTED',
        `The account may not read the table "${table}" of ${where}: GRANT SELECT ON \`${address.database}\`.\`${table}\` TO the account.`,
        { table },
      );
    }
    case 1153:
    case 1162:
    case 1301:
      return make(
        'DATABASE_PACKET_TOO_BIG',
        `${where} holds a row larger than its max_allowed_packet: raise it on the server (the largest texts of a wiki must fit).`,
      );
  }
  if (isConnectionLoss(error))
    return make(
      'DATABASE_UNREACHABLE',
      `${where} does not answer (${message}): check that the server runs and the address is right.`,
    );
  if (interruptedNumbers.has(number))
    return make('QUERY_INTERRUPTED', `${where} ended a query (${message}): try again.`, { number });
  if (/handshake|certificate|SSL|TLS/i.test(message) && number === 0)
    return make(
      'DATABASE_TLS_REFUSED',
      `No encrypted connection to ${where} (${message}): check tls and its certificate.`,
    );
  return make('QUERY_FAILED', `${where} refused a query (${message}).`, { number });
}

export function numberOf(error: unknown): number {
  if (error instanceof ServerError) return error.number;
  const errno = (error as { errno?: unknown } | null)?.errno;
  return typeof errno === 'number' && errno > 0 ? errno : 0;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

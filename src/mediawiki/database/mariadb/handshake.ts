import { createHash } from 'node:crypto';
import type { MariadbAddress } from '../database-address.ts';

/** What a server says first (Protocol::HandshakeV10 of the MariaDB and MySQL manuals). */
export interface Greeting {
  /** 20 bytes. */
  readonly seed: Buffer;
  /** How the server would like to be logged in to, such as mysql_native_password. */
  readonly plugin: string;
}

export const nativePassword = 'mysql_native_password';

const capability = {
  longPassword: 1 << 0,
  longFlag: 1 << 2,
  connectWithDatabase: 1 << 3,
  protocol41: 1 << 9,
  transactions: 1 << 13,
  secureConnection: 1 << 15,
  pluginAuth: 1 << 19,
};
/**
 * Nothing else: the reader of answers knows neither answers without end-of-file packets nor session tracking, and no file
 * of this machine is ever sent.
 */
const wanted = Object.values(capability).reduce((sum, flag) => sum | flag);
const binaryCollation = 63;
const seedLength = 20;

/** Null where the server is one that this does not speak with. */
export function parseGreeting(payload: Buffer): Greeting | null {
  const versionEnd = payload.indexOf(0, 1);
  if (payload[0] !== 10 || versionEnd < 0) return null;
  const first = versionEnd + 5;
  // Behind the seed's first part: a zero, capabilities, character set, status, more capabilities, the seed's length, ten bytes.
  const second = first + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10;
  if (payload.length < second + seedLength - 8) return null;
  const capabilities = payload.readUInt16LE(first + 9) | (payload.readUInt16LE(first + 14) << 16);
  // MariaDB leaves the first flag out to say that it knows more of its own.
  const needed = wanted & ~capability.longPassword;
  if ((capabilities & needed) !== needed) return null;
  const seed = Buffer.concat([
    payload.subarray(first, first + 8),
    payload.subarray(second, second + seedLength - 8),
  ]);
  return { seed, plugin: textUntilZero(payload, second + seedLength - 8 + 1) };
}

/** The answer to the greeting (Protocol::HandshakeResponse41), without the packet's header. */
export function loginRequest(address: MariadbAddress, proof: Buffer): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(wanted >>> 0, 0);
  head[8] = binaryCollation;
  const zero = Buffer.of(0);
  return Buffer.concat([
    head,
    Buffer.from(address.user, 'utf8'),
    zero,
    Buffer.of(proof.length),
    proof,
    Buffer.from(address.database, 'utf8'),
    zero,
    Buffer.from(nativePassword),
    zero,
  ]);
}

/** What the server asks for in place of the first proof (Protocol::AuthSwitchRequest); null for the oldest way of all. */
export function parseSwitch(payload: Buffer): Greeting | null {
  if (payload.length < 2) return null;
  const plugin = textUntilZero(payload, 1);
  const from = 1 + plugin.length + 1;
  return { plugin, seed: Buffer.from(payload.subarray(from, from + seedLength)) };
}

/** mysql_native_password: SHA1(password) xor SHA1(seed, SHA1(SHA1(password))); nothing for an empty password. */
export function nativeProof(password: string, seed: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0);
  const sha1 = (...parts: readonly Buffer[]) => createHash('sha1').update(Buffer.concat(parts)).digest();
  const once = sha1(Buffer.from(password, 'utf8'));
  const mask = sha1(seed, sha1(once));
  return once.map((byte, index) => byte ^ (mask[index] ?? 0)) as Buffer;
}

function textUntilZero(payload: Buffer, from: number): string {
  const end = payload.indexOf(0, from);
  return payload.toString('latin1', from, end < 0 ? payload.length : end);
}

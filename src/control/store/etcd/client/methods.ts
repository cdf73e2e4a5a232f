// The numbers of fields: https://github.com/etcd-io/etcd/blob/main/api/etcdserverpb/rpc.proto
import { Reader, Writer } from './protobuf.ts';
import { RangeAnswer, readKv } from './range-answer.ts';
import type {
  WireCompare,
  WireHeader,
  WireLease,
  WireOp,
  WireRange,
  WireStatus,
  WireTtl,
  WireTxn,
  WireTxnResponse,
  WireWatch,
  WireWatchResponse,
} from './wire.ts';

/** A call of etcd's: where it goes, and how question and answer are written. */
export interface Method<Question, Answer> {
  readonly path: string;
  encode(question: Question): Buffer;
  /** Errors: RangeError when it is no such message. */
  decode(message: Buffer): Answer;
}

export const methods = {
  range: method('KV/Range', writeRange, (from) => new RangeAnswer(from.rest())),
  txn: method('KV/Txn', writeTxn, readTxn),
  grantLease: method('Lease/LeaseGrant', writeGrant, readLease),
  /** A stream of etcd's, which ends by itself after one answer to one question. */
  keepLeaseAlive: method('Lease/LeaseKeepAlive', writeLease, readTtl),
  revokeLease: method('Lease/LeaseRevoke', writeLease, () => ({})),
  timeToLive: method('Lease/LeaseTimeToLive', writeLease, readTimeToLive),
  watch: method('Watch/Watch', writeWatch, readWatch),
  authenticate: method('Auth/Authenticate', writeLogin, readLogin),
  status: method('Maintenance/Status', () => {}, readStatus),
} as const;

function method<Question, Answer>(
  name: string,
  write: (to: Writer, question: Question) => void,
  read: (from: Reader) => Answer,
): Method<Question, Answer> {
  return {
    path: `/etcdserverpb.${name}`,
    encode(question) {
      const to = new Writer();
      write(to, question);
      return to.bytes;
    },
    decode: (message) => read(new Reader(message)),
  };
}

function writeRange(to: Writer, range: WireRange): void {
  to.text(1, range.key);
  to.text(2, range.range_end);
  to.number(3, range.limit);
  to.digits(4, range.revision);
  // NONE, ASCEND, DESCEND; what is sorted by, the key, is 0.
  if (range.sort_order === 'DESCEND') to.number(5, 2);
  to.flag(8, range.keys_only);
  to.digits(10, range.min_mod_revision);
}

function writeTxn(to: Writer, txn: WireTxn): void {
  for (const compare of txn.compare) to.message(1, () => writeCompare(to, compare));
  for (const op of txn.success) to.message(2, () => writeOp(to, op));
  for (const op of txn.failure) to.message(3, () => writeOp(to, op));
}

const comparisons = { EQUAL: 0, LESS: 2 } as const;
const compared = { CREATE: 1, MOD: 2, VALUE: 3, LEASE: 4 } as const;

function writeCompare(to: Writer, compare: WireCompare): void {
  to.number(1, comparisons[compare.result]);
  to.number(2, compared[compare.target]);
  to.text(3, compare.key);
  if (compare.create_revision !== undefined) to.always(5, compare.create_revision);
  if (compare.mod_revision !== undefined) to.always(6, compare.mod_revision);
  to.text(7, compare.value);
  to.digits(8, compare.lease);
  to.text(64, compare.range_end);
}

function writeOp(to: Writer, op: WireOp): void {
  if ('request_range' in op) to.message(1, () => writeRange(to, op.request_range));
  else if ('request_put' in op) {
    const { key, value, lease } = op.request_put;
    to.message(2, () => {
      to.text(1, key);
      to.text(2, value);
      to.digits(3, lease);
    });
  } else {
    const { key, range_end } = op.request_delete_range;
    to.message(3, () => {
      to.text(1, key);
      to.text(2, range_end);
    });
  }
}

function writeGrant(to: Writer, { seconds }: { readonly seconds: number }): void {
  to.number(1, seconds);
}

function writeLease(to: Writer, { ID }: WireLease): void {
  to.digits(1, ID);
}

function writeWatch(to: Writer, { key, range_end }: WireWatch): void {
  to.message(1, () => {
    to.text(1, key);
    to.text(2, range_end);
  });
}

function writeLogin(to: Writer, user: { readonly name: string; readonly password: string }): void {
  to.text(1, user.name);
  to.text(2, user.password);
}

function readHeader(from: Reader): WireHeader {
  let [cluster_id, member_id, revision] = ['0', '0', '0'];
  for (let field = from.next(); field !== 0; field = from.next()) {
    if (field === 1) cluster_id = from.digits();
    else if (field === 2) member_id = from.digits();
    else if (field === 3) revision = from.digits();
  }
  return { cluster_id, member_id, revision };
}

function readTxn(from: Reader): WireTxnResponse {
  let header = noHeader;
  let succeeded = false;
  const responses: WireTxnResponse['responses'][number][] = [];
  for (let field = from.next(); field !== 0; field = from.next()) {
    if (field === 1) header = readHeader(from.message());
    else if (field === 2) succeeded = from.flag();
    else if (field === 3) responses.push(readResponse(from.message()));
  }
  return { header, succeeded, responses };
}

const noHeader: WireHeader = { cluster_id: '0', member_id: '0', revision: '0' };

function readResponse(from: Reader): WireTxnResponse['responses'][number] {
  for (let field = from.next(); field !== 0; field = from.next()) {
    if (field === 1) return { response_range: new RangeAnswer(from.message().rest()) };
  }
  return {};
}

function readLease(from: Reader): WireLease {
  let ID = '0';
  for (let field = from.next(); field !== 0; field = from.next()) if (field === 2) ID = from.digits();
  return { ID };
}

function readTtl(from: Reader): Pick<WireTtl, 'TTL'> {
  return { TTL: readTimeToLive(from).TTL };
}

function readTimeToLive(from: Reader): WireTtl {
  let [TTL, grantedTTL] = [0, 0];
  for (let field = from.next(); field !== 0; field = from.next()) {
    if (field === 3) TTL = from.number();
    else if (field === 4) grantedTTL = from.number();
  }
  return { TTL, grantedTTL };
}

function readWatch(from: Reader): WireWatchResponse {
  let [created, canceled] = [false, false];
  const events: { readonly key: string }[] = [];
  for (let field = from.next(); field !== 0; field = from.next()) {
    if (field === 3) created = from.flag();
    else if (field === 4) canceled = from.flag();
    else if (field === 11) events.push(readEvent(from.message()));
  }
  return { created, canceled, events };
}

function readEvent(from: Reader): { readonly key: string } {
  let key = '';
  for (let field = from.next(); field !== 0; field = from.next()) {
    if (field === 2) key = readKv(from.message()).key;
  }
  return { key };
}

function readLogin(from: Reader): { readonly token: string } {
  let token = '';
  for (let field = from.next(); field !== 0; field = from.next()) if (field === 2) token = from.text();
  return { token };
}

function readStatus(from: Reader): WireStatus {
  let header = noHeader;
  let [version, leader] = ['', '0'];
  let [dbSize, dbSizeInUse] = [0, 0];
  const errors: string[] = [];
  for (let field = from.next(); field !== 0; field = from.next()) {
    if (field === 1) header = readHeader(from.message());
    else if (field === 2) version = from.text();
    else if (field === 3) dbSize = from.number();
    else if (field === 4) leader = from.digits();
    else if (field === 8) errors.push(from.text());
    else if (field === 9) dbSizeInUse = from.number();
  }
  return { header, version, dbSize, dbSizeInUse, leader, errors };
}

import { RotaError } from '../../../../core/errors/rota-error.ts';

/** What an endpoint answered instead of a result; `code` is gRPC's. */
export class AnswerError extends Error {
  readonly code: number;
  readonly endpoint: string;

  constructor(p: { readonly message: string; readonly code: number; readonly endpoint: string }) {
    super(p.message);
    this.name = 'AnswerError';
    this.code = p.code;
    this.endpoint = p.endpoint;
  }
}

const grpc = {
  notFound: 5,
  permissionDenied: 7,
  exhausted: 8,
  outOfRange: 11,
  unavailable: 14,
  unauthenticated: 16,
};

export function isCompacted(error: unknown): boolean {
  return error instanceof AnswerError && error.code === grpc.outOfRange && /compacted/.test(error.message);
}

export function isLeaseMissing(error: unknown): boolean {
  return (
    error instanceof AnswerError && error.code === grpc.notFound && /lease not found/.test(error.message)
  );
}

/** The token of a login has ended, or who may do what was changed since: log in once more. */
export function wantsLogin(error: unknown): boolean {
  return (
    error instanceof AnswerError &&
    (error.code === grpc.unauthenticated ||
      /invalid auth token|revision in header is old|user name is empty/.test(error.message))
  );
}

/** Another member, or the same a little later, may do better. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof AnswerError)) return true;
  if (error.code === grpc.unavailable) return true;
  return /timed out|no leader|leader changed|server stopped|not ready|too many requests|deadline exceeded|is draining/i.test(
    error.message,
  );
}

/** An answer that will not change by asking again, as users see it. */
export function asRotaError(error: unknown): unknown {
  if (!(error instanceof AnswerError)) return error;
  const { endpoint, message, code } = error;
  const facts = { endpoint };
  if (/database space exceeded|NOSPACE/i.test(message)) {
    return new RotaError(
      'STORE_FULL',
      `etcd at ${endpoint} takes no more writes, its space is used up (alarm NOSPACE): compact it, defragment every member, then \`etcdctl alarm disarm\``,
      { facts, cause: error },
    );
  }
  if (
    code === grpc.permissionDenied ||
    code === grpc.unauthenticated ||
    /authentication|auth token|user name is empty/.test(message)
  ) {
    return new RotaError(
      'STORE_REFUSED',
      `etcd at ${endpoint} refuses us (${message}): check store.user and its password in rota.yaml, and the role's rights on the prefix`,
      { facts, cause: error },
    );
  }
  return new RotaError('STORE_UNREADABLE', `etcd at ${endpoint} cannot be used (${message})`, {
    facts,
    cause: error,
  });
}

/** A fault of certificates: it does not pass by itself. */
export function isTlsFault(fault: unknown): boolean {
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : '';
  return /^(?:UNABLE_|CERT_|DEPTH_|SELF_SIGNED|HOSTNAME_|ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO)/.test(code);
}

export function certificateRefused(faults: ReadonlyMap<string, unknown>): RotaError {
  const said = [...faults].map(([endpoint, fault]) => `${endpoint}: ${describe(fault)}`).join('; ');
  return new RotaError(
    'STORE_REFUSED',
    `No safe connection to etcd could be made (${said}): check store.ca, and store.cert with store.key where etcd wants a client's certificate`,
    { facts: { endpoints: [...faults.keys()] } },
  );
}

/** No endpoint answered in time; says what each of them said. */
export function unavailable(faults: ReadonlyMap<string, unknown>, waitedMs: number): RotaError {
  const said = [...faults].map(([endpoint, fault]) => `${endpoint}: ${describe(fault)}`);
  const noQuorum = [...faults.values()].some((fault) => fault instanceof AnswerError || isTimeout(fault));
  const seconds = Math.max(1, Math.round(waitedMs / 1000));
  return new RotaError(
    'STORE_UNAVAILABLE',
    noQuorum
      ? `etcd has had no quorum for ${seconds} s (${said.join('; ')}): work stops, nothing is published, and it goes on by itself when most members are back`
      : `No endpoint of etcd could be reached for ${seconds} s (${said.join('; ')}): check store.etcd in rota.yaml and that etcd runs; work goes on by itself when it is back`,
    { facts: { endpoints: [...faults.keys()] } },
  );
}

/** One member that was asked for itself. */
export function memberAway(endpoint: string, fault: unknown): RotaError {
  return new RotaError('STORE_UNAVAILABLE', `etcd at ${endpoint} does not answer (${describe(fault)})`, {
    facts: { endpoint },
    cause: fault,
  });
}

function isTimeout(fault: unknown): boolean {
  return fault instanceof Error && fault.name === 'TimeoutError';
}

function describe(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  if ('code' in fault && typeof fault.code === 'string') return fault.code;
  return fault.message.replace(/^etcdserver: /, '');
}

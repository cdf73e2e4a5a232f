import { createTransport } from 'nodemailer';
import type { Secret } from '../../core/secret.ts';

/** To whom, from whom, and by which server. */
export interface MailRoute {
  readonly to: readonly string[];
  readonly from: string;
  readonly server: { readonly host: string; readonly port: number };
  readonly security: 'tls' | 'starttls' | 'opportunistic' | 'none';
  /** PEM of the authority that the server's certificate is checked against; null: those that Node knows. */
  readonly ca: string | null;
  readonly login: { readonly user: string; readonly password: Secret } | null;
  /** For each step of the conversation; default 30 s. */
  readonly timeoutMs?: number;
}

/** Hands a mail to a server, with login and TLS where rota.yaml says so. Rejects with what the server said. */
export async function sendMail(
  route: MailRoute,
  mail: { readonly title: string; readonly text: string; readonly at: Date },
  signal: AbortSignal,
): Promise<void> {
  const transport = transportFor(route);
  const onAbort = () => transport.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    await transport.sendMail({
      from: route.from,
      to: [...route.to],
      subject: oneLine(`[rota] ${mail.title}`),
      text: `${mail.text}\n\n${mail.at.toISOString()}\n`,
      date: mail.at,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    transport.close();
  }
}

function transportFor({ server, security, ca, login, timeoutMs = 30_000 }: MailRoute) {
  return createTransport({
    host: server.host,
    port: server.port,
    secure: security === 'tls',
    ignoreTLS: security === 'none',
    requireTLS: security === 'starttls',
    ...tlsOf(security, ca),
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password.reveal() } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
}

/** Encrypting for whom it may concern is better than not at all: only where TLS is asked for must the server prove itself. */
function tlsOf(security: MailRoute['security'], ca: string | null) {
  if (ca !== null) return { tls: { ca } };
  return security === 'opportunistic' ? { tls: { rejectUnauthorized: false } } : {};
}

/** A subject is one line, whatever a title holds. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300);
}

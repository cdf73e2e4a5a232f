import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as the server took it. */
export interface TakenMail {
  readonly to: readonly string[];
  /** Who logged in; undefined: nobody. */
  readonly user: string | undefined;
  /** Headers and body as they were sent. */
  readonly message: string;
}

/** A real SMTP server on loopback, without TLS and login if not told otherwise, that keeps what it is sent. */
export async function withMailServer(
  options: SMTPServerOptions,
  use: (
    server: { readonly host: string; readonly port: number },
    mails: readonly TakenMail[],
  ) => Promise<void>,
): Promise<void> {
  const mails: TakenMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, callback) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map((one) => one.address);
        mails.push({ to, user: session.user, message: Buffer.concat(parts).toString() });
        callback();
      });
    },
    ...options,
  });
  // A client that hangs up is the server's error, not the test's.
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  try {
    await use({ host: '127.0.0.1', port }, mails);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

import type { Socket } from 'node:net';
import type { MariadbAddress } from '../database-address.ts';
import { loginRequest, nativePassword, nativeProof, parseGreeting, parseSwitch } from './handshake.ts';
import type { LoggedIn } from './logged-in.ts';
import { ConnectionLost, ServerError } from './server-error.ts';
import { openSocket, SocketFeed } from './socket-feed.ts';

/** A login that somebody else must try: the server asks for what is not spoken here. */
const notSpoken = Symbol('not spoken');

/**
 * Logs in without the driver, which takes each thread 70 ms of CPU to load: without TLS, by mysql_native_password. Null where the
 * server wants it otherwise.
 * @throws ServerError, ConnectionLost, or the socket's own error
 */
export async function logInOurselves(
  address: MariadbAddress,
  { connectTimeoutMs }: { connectTimeoutMs: number },
): Promise<LoggedIn | null> {
  const feed = new SocketFeed();
  const stream = openSocket(address, feed);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' })),
        connectTimeoutMs,
      );
      const settle = (done: () => void) => {
        clearTimeout(timer);
        stream.removeAllListeners();
        // What comes between now and the session's own listeners must not end the process.
        stream.on('error', () => {});
        done();
      };
      const login = new Login(address, stream);
      stream.on('data', (bytes) => {
        try {
          if (login.received(bytes)) settle(resolve);
        } catch (error) {
          settle(() => reject(error));
        }
      });
      stream.once('error', (error) => settle(() => reject(error)));
      stream.once('close', () =>
        settle(() => reject(new ConnectionLost('the server closed the connection during the login'))),
      );
    });
  } catch (error) {
    stream.destroy();
    if (error === notSpoken) return null;
    throw error;
  }
  return { stream, feed, leave: () => void stream.end() };
}

class Login {
  readonly #address: MariadbAddress;
  readonly #stream: Socket;
  /** Greetings and answers are a few hundred bytes; an error's text at most 512. */
  readonly #buffer = Buffer.alloc(16 * 1024);
  #end = 0;
  #isGreeted = false;

  constructor(address: MariadbAddress, stream: Socket) {
    this.#address = address;
    this.#stream = stream;
  }

  /** True when the server let us in. */
  received(bytes: Buffer): boolean {
    if (this.#end + bytes.length > this.#buffer.length) throw notSpoken;
    bytes.copy(this.#buffer, this.#end);
    this.#end += bytes.length;
    if (this.#end < 4) return false;
    const length = this.#buffer.readUIntLE(0, 3);
    if (length + 4 > this.#buffer.length) throw notSpoken;
    if (this.#end < length + 4) return false;
    // The server says one thing and waits.
    if (this.#end > length + 4 || length === 0) throw notSpoken;
    const sequence = (this.#buffer[3] ?? 0) + 1;
    this.#end = 0;
    return this.#answer(this.#buffer.subarray(4, length + 4), sequence);
  }

  #answer(payload: Buffer, sequence: number): boolean {
    if (payload[0] === 0xff) throw ServerError.fromPacket(payload);
    const password = this.#address.password ?? '';
    if (!this.#isGreeted) {
      const greeting = parseGreeting(payload);
      // A server with another default would only send us back, and count it as a failure.
      if (greeting?.plugin !== nativePassword) throw notSpoken;
      this.#isGreeted = true;
      this.#send(loginRequest(this.#address, nativeProof(password, greeting.seed)), sequence);
      return false;
    }
    if (payload[0] === 0) return true;
    const other = payload[0] === 0xfe ? parseSwitch(payload) : null;
    if (other?.plugin !== nativePassword) throw notSpoken;
    this.#send(nativeProof(password, other.seed), sequence);
    return false;
  }

  #send(payload: Buffer, sequence: number): void {
    const header = Buffer.alloc(4);
    header.writeUIntLE(payload.length, 0, 3);
    header[3] = sequence;
    this.#stream.write(Buffer.concat([header, payload]));
  }
}

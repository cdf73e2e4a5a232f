/** An error packet of the server (or, with number 0, an answer that breaks the protocol). */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly number: number;
  readonly state: string;

  constructor(number: number, state: string, message: string) {
    super(message);
    this.number = number;
    this.state = state;
  }

  static fromPacket(payload: Buffer): ServerError {
    const number = payload.readUInt16LE(1);
    const hasState = payload[3] === 0x23;
    const state = hasState ? payload.toString('latin1', 4, 9) : 'HY000';
    return new ServerError(number, state, payload.toString('utf8', hasState ? 9 : 3));
  }
}

/** The connection ended without an error packet. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

import type { MariadbAddress } from '../database-address.ts';
import { logInByDriver } from './driver-login.ts';
import type { LoggedIn } from './logged-in.ts';
import { logInOurselves } from './own-login.ts';

/** Connects and logs in: without the driver where that goes (ADR 80), else by it. Rejects with the error of who tried. */
export async function logIn(
  address: MariadbAddress,
  options: { connectTimeoutMs: number },
): Promise<LoggedIn> {
  const ours = address.tls === undefined ? await logInOurselves(address, options) : null;
  return ours ?? (await logInByDriver(address, options));
}

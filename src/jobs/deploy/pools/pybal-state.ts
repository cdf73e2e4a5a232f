/** What a load balancer's state page says of a host. Anything but an answer about this host is `unknown`. */
export type PybalState =
  | { readonly known: true; readonly enabled: boolean; readonly up: boolean; readonly pooled: boolean }
  | { readonly known: false; readonly why: string };

const timeoutMs = 5_000;

/**
 * Asks PyBal's state page. 404, 5xx, a time-out or an answer that is none are not agreement: a load balancer that was not heard
 * may still send requests.
 */
export async function askPybal(
  { url, pool }: { readonly url: string; readonly pool: string },
  host: string,
  signal: AbortSignal,
): Promise<PybalState> {
  const address = `${url.replace(/\/+$/, '')}/pools/${encodeURIComponent(pool)}/${encodeURIComponent(host)}`;
  try {
    const response = await fetch(address, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await response.text();
    if (response.status !== 200) return { known: false, why: `${address} answered ${response.status}` };
    return (
      parsePybalState(text) ?? {
        known: false,
        why: `${address} answered ${JSON.stringify(text.slice(0, 80))}`,
      }
    );
  } catch (error) {
    signal.throwIfAborted();
    const { cause } = error as Error;
    return {
      known: false,
      why: `${address}: ${cause instanceof Error ? cause.message : (error as Error).message}`,
    };
  }
}

/** JSON, or as plain text `enabled/up/pooled`. */
export function parsePybalState(text: string): PybalState | null {
  const plain = /^(enabled|disabled)\/(up|down|partially up)\/(pooled|not pooled)\s*$/.exec(text.trim());
  if (plain !== null) {
    return {
      known: true,
      enabled: plain[1] === 'enabled',
      up: plain[2] === 'up',
      pooled: plain[3] === 'pooled',
    };
  }
  try {
    const { enabled, up, pooled } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof enabled !== 'boolean' || typeof up !== 'boolean' || typeof pooled !== 'boolean') return null;
    return { known: true, enabled, up, pooled };
  } catch {
    return null;
  }
}

export function describePybal(state: PybalState): string {
  if (!state.known) return state.why;
  return `${state.enabled ? 'enabled' : 'disabled'}/${state.up ? 'up' : 'down'}/${state.pooled ? 'pooled' : 'not pooled'}`;
}

const askTimeoutMs = 30_000;

/** What an address answers; redirections are answers. Throws where it does not. */
export async function ask(
  url: string,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(askTimeoutMs)]),
    redirect: 'manual',
    // A connection that is kept leads to the worker that answered before.
    headers: { connection: 'close' },
  });
  return { status: response.status, body: await response.text() };
}

import { spawn } from 'node:child_process';
import type { Clock } from '../core/clock.ts';
import type { Check, CheckContext, CheckReport, CheckResult } from './check.ts';
import { killGroup } from './process-groups.ts';

/** As much of a program's output as a message can bear. */
const keptOutputBytes = 2_000;

/** Runs one check; it never throws for what it finds, only when the context's signal aborts. */
export async function runCheck(check: Check, context: CheckContext, clock: Clock): Promise<CheckReport> {
  const startMs = clock.monotonicMs();
  const timeout = new AbortController();
  const finished = new AbortController();
  clock.sleep(check.timeoutMs, finished.signal).then(
    () => timeout.abort(new Error(`took longer than ${check.timeoutMs / 1000} s`)),
    () => {},
  );
  const signal = AbortSignal.any([context.signal, timeout.signal]);
  let result: CheckResult;
  try {
    result = await Promise.race([
      perform(check, { ...context, signal }),
      rejectOnAbort(signal, finished.signal),
    ]);
  } catch (error) {
    context.signal.throwIfAborted();
    const cause = timeout.signal.aborted ? timeout.signal.reason : error;
    result = { ok: false, message: cause instanceof Error ? describe(cause) : String(cause), isError: true };
  } finally {
    finished.abort();
  }
  return {
    ...result,
    name: check.name,
    severity: check.severity,
    durationMs: clock.monotonicMs() - startMs,
  };
}

function perform(check: Check, context: CheckContext): Promise<CheckResult> {
  switch (check.kind) {
    case 'command':
      return runProgram(check.argv, undefined, check, context);
    case 'script':
      return runProgram(['/bin/sh', '-eu', '-s', '--', ...(check.args ?? [])], check.script, check, context);
    case 'http':
      return fetchOnce(check, context);
    case 'class':
      return check.check.check(context);
  }
}

async function fetchOnce(check: Check & { kind: 'http' }, context: CheckContext): Promise<CheckResult> {
  const response = await fetch(check.url, {
    signal: context.signal,
    redirect: 'manual',
    ...(check.headers === undefined ? {} : { headers: check.headers }),
  });
  const body = await response.text();
  const wanted = check.status ?? 200;
  if (response.status !== wanted) {
    return { ok: false, message: `${check.url} answered ${response.status}, not ${wanted}` };
  }
  if (check.contains !== undefined && !body.includes(check.contains)) {
    return { ok: false, message: `the answer of ${check.url} does not contain "${check.contains}"` };
  }
  return { ok: true, message: `${check.url} answered ${response.status}` };
}

function runProgram(
  argv: readonly string[],
  input: string | undefined,
  check: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
  context: CheckContext,
): Promise<CheckResult> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: check.cwd ?? context.workspace,
      // What a check needs to know of the run; never a secret.
      env: { ...process.env, ROTA_RUN: context.run.id, ROTA_STAGE: context.stage, ...check.env },
      // Its own group, so that a check that starts programs of its own can be ended as a whole.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-keptOutputBytes);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const onAbort = () => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    context.signal.addEventListener('abort', onAbort, { once: true });
    child.on('error', (error) => {
      context.signal.removeEventListener('abort', onAbort);
      reject(error);
    });
    child.on('close', (code, signal) => {
      context.signal.removeEventListener('abort', onAbort);
      const ended = code === null ? `was ended by ${signal}` : `ended with status ${code}`;
      const said = output.trim() === '' ? '' : `: ${output.trim()}`;
      // So shells say that there is no such program.
      const isError = code === 126 || code === 127;
      resolve({
        ok: code === 0,
        message: `${program} ${ended}${said}`,
        ...(isError ? { isError } : {}),
      });
    });
    // A program that does not read its input is no fault.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

function rejectOnAbort(signal: AbortSignal, finished: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    finished.addEventListener('abort', () => signal.removeEventListener('abort', onAbort), { once: true });
  });
}

/** `fetch failed` says nothing without its cause. */
function describe(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

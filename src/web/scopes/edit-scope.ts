import type { Context } from 'hono';
import { readScopeText } from '../../config/scopes/read-scope-file.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { readScopeSource, type ScopeSource, saveScope } from '../../operations/scopes/scope-source.ts';
import { unifiedDiff } from '../../operations/scopes/unified-diff.ts';
import { clientAddress } from '../client-address.ts';
import { type Form, refusalOf } from '../security/refusal.ts';
import type { WebEnv } from '../web-env.ts';
import type { WebParts } from '../web-parts.ts';
import type { Preview } from './previews.ts';

export type ScopeAction = 'preview' | 'save' | 'patch';

const what: Readonly<Record<ScopeAction, string>> = {
  preview: "to try a scope's rules",
  save: "to change a scope's rules",
  patch: 'to make a patch of a scope',
};

export function isScopeAction(text: unknown): text is ScopeAction {
  return typeof text === 'string' && Object.hasOwn(what, text);
}

export interface Edited {
  readonly source: ScopeSource;
  /** What was sent, with line ends as files have them. */
  readonly text: string;
  /** To the file as it is; '' where nothing differs. */
  readonly patch: string;
  readonly preview?: Preview;
}

/** What was refused, and with which status of HTTP. */
export interface NotEdited {
  readonly error: string;
  readonly message: string;
  readonly status: 400 | 401 | 403 | 404 | 409 | 422 | 429;
}

/** Does what a form or a program asks for a scope, and writes down who asked, and what became of it. */
export async function editScope(
  p: WebParts,
  c: Context<WebEnv>,
  name: string,
  action: ScopeAction,
  form: Form,
): Promise<Edited | NotEdited> {
  const visitor = c.get('visitor');
  const note = async (outcome: string) =>
    await p.audit.write({
      by: visitor?.name ?? null,
      from: clientAddress(c),
      action: `scope ${action}`,
      what: name,
      outcome,
    });
  const refused = async (refusal: NotEdited) => {
    await note(refusal.error);
    return refusal;
  };
  const refusal = refusalOf(visitor, { role: 'operate', what: what[action], form });
  if (refusal !== null) return await refused(refusal);
  const who = visitor?.name ?? '';
  if (p.actions.waitMs(who) > 0) return await refused(tooMany);
  p.actions.note(who);
  if (typeof form.text !== 'string') {
    return await refused({ error: 'USAGE', message: 'the text is missing', status: 400 });
  }
  const text = asFile(form.text);
  try {
    const edited = await attempt(p, name, action, { text, base: String(form.base ?? '') });
    if (edited === undefined) return await refused(busy);
    await note('done');
    return edited;
  } catch (error) {
    if (!(error instanceof RotaError)) throw error;
    return await refused({ error: error.code, message: error.message, status: statusOf(error) });
  }
}

async function attempt(
  p: WebParts,
  name: string,
  action: ScopeAction,
  { text, base }: { readonly text: string; readonly base: string },
): Promise<Edited | undefined> {
  const { config, store, holder } = p.farm;
  const before = await readScopeSource(config, name);
  if (action === 'save') {
    const tools = { store, holder, leaseMs: config.lease.durationMs, clock: p.clock, log: p.log };
    return { source: await saveScope(config, tools, { name, text, base }), text, patch: '' };
  }
  const patch = unifiedDiff(before.shown, before.text, text);
  if (action === 'patch') return { source: before, text, patch };
  // Named as the file is, and told without a process.
  readScopeText(name, text, before.shown);
  const preview = await p.previews.make(name, text);
  return preview === undefined ? undefined : { source: before, text, patch, preview };
}

const tooMany: NotEdited = {
  error: 'TOO_MANY_ATTEMPTS',
  message: 'too many tries; wait a while',
  status: 429,
};
const busy: NotEdited = {
  error: 'PREVIEW_BUSY',
  message: 'another preview is being made; try again in a few seconds',
  status: 429,
};

function statusOf({ code }: RotaError): NotEdited['status'] {
  if (code === 'SCOPE_UNKNOWN') return 404;
  return code === 'SCOPE_INVALID' ? 422 : 409;
}

/** Browsers send lines of a field with CR and LF. */
function asFile(text: string): string {
  const lines = text.replaceAll(/\r\n?/g, '\n');
  return lines === '' || lines.endsWith('\n') ? lines : `${lines}\n`;
}

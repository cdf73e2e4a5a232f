import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FarmConfig, WikiConfig } from '../../../config/farm-config.ts';
import { holdLease } from '../../../control/hold-lease.ts';
import { type LeaseGuard, subjectLeaseKey } from '../../../control/store/lease.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { unfinishedStates } from '../../../core/run-state.ts';
import type { HiddenParts } from '../../../export/redact/redact-revision.ts';
import type { ManifestTombstone } from '../../../publish/status/manifest.ts';
import type { Tree } from '../../../publish/workspace/tree.ts';
import { fullDumpName } from '../name.ts';
import { bz2Program } from '../open-services.ts';
import { followLatest } from '../publication/follow-latest.ts';
import { readSets } from '../publication/read-manifest.ts';
import { locateRevisions } from './locate-revisions.ts';
import { completeDate, type DateOfWiki, type PublishTools, publishRewritten } from './publish-rewritten.ts';
import { filesOfDate, readPublishedSets, type SetPointer } from './published-files.ts';
import { type RedactionOrder, redactionKey } from './redaction-order.ts';
import type { RewriteTools } from './redaction-tools.ts';
import { type RewrittenFile, rewriteDate } from './rewrite-date.ts';

export interface RedactWikiTools extends PublishTools {
  readonly searchPath: string;
  readonly signal: AbortSignal;
}

export interface RedactWikiOptions {
  readonly revisions: readonly number[];
  readonly parts: HiddenParts;
  /** Files are rewritten and thrown away; nothing is published. */
  readonly dryRun: boolean;
  /** Told of each date that holds one of the revisions, when it is done. */
  onDate(date: RedactedDate): void;
}

export interface RedactedDate {
  readonly date: string;
  /** Those of the revisions that the date holds. */
  readonly revisions: readonly number[];
  readonly files: readonly { readonly name: string; readonly changed: readonly number[] }[];
  /** SHA-256 of the date's public ledger before and after, where it has one and that changed. */
  readonly ledger: { readonly before: string; readonly after: string } | null;
}

export function redactTools(
  farm: FarmConfig,
  tools: Omit<RedactWikiTools, 'webRoot' | 'signingKey'>,
): RedactWikiTools {
  return { ...tools, webRoot: farm.web.rootUrl, signingKey: farm.signingKey };
}

/**
 * Hides parts of revisions in all published dates of a wiki: every file in which they stand is rewritten, with what
 * describes it, date by date. Nothing of the wiki can be dumped meanwhile. What a redaction that broke off has left is
 * completed first.
 * @returns the dates that hold one of the revisions
 * @throws RotaError RUN_BUSY, LEASE_HELD, REDACTION_IMPOSSIBLE, VERIFICATION_FAILED, and what reading and writing throw
 */
export async function redactWiki(
  tools: RedactWikiTools,
  wiki: WikiConfig,
  options: RedactWikiOptions,
): Promise<readonly RedactedDate[]> {
  const { store, clock } = tools;
  const { revisions, parts, dryRun } = options;
  return await holdLease(tools, subjectLeaseKey(fullDumpName, wiki.name), async (guard) => {
    await refuseUnfinished(tools, wiki.name);
    const order: RedactionOrder = {
      version: 1,
      at: clock.now().toISOString(),
      revisions: [...revisions],
      parts: { ...parts },
      state: 'begun',
    };
    const note = async (state: RedactionOrder['state']) => {
      if (!dryRun)
        await store.commitPointer({ key: redactionKey(wiki.name), value: { ...order, state }, guard });
    };
    await note('begun');
    if (!dryRun) await completeWiki(tools, wiki);
    await clearWork(tools, wiki.name, dryRun);
    const redacted: RedactedDate[] = [];
    const bz2 = await bz2Program(tools.searchPath);
    for (const [date, sets] of await readPublishedSets(store, wiki.name)) {
      const done = await redactDate(tools, guard, { wiki, date, sets, options, bz2 });
      if (done === null) continue;
      redacted.push(done);
      options.onDate(done);
    }
    if (!dryRun) await followLatest(tools, wiki.name);
    await note('done');
    await clearWork(tools, wiki.name, dryRun);
    return redacted;
  });
}

/** Files, checksums and pages follow what the store says of every date. Gives the dates where that was not so. */
export async function completeWiki(tools: PublishTools, wiki: WikiConfig): Promise<readonly string[]> {
  const completed: string[] = [];
  for (const date of (await readPublishedSets(tools.store, wiki.name)).keys()) {
    if (await completeDate(tools, dateOf(wiki, date))) completed.push(date);
  }
  if (completed.length > 0) await followLatest(tools, wiki.name);
  return completed;
}

async function refuseUnfinished({ store }: RedactWikiTools, wiki: string): Promise<void> {
  const runs = await store.listRuns({ job: fullDumpName, subject: wiki, states: unfinishedStates, limit: 1 });
  const [open] = runs;
  if (open === undefined) return;
  throw new RotaError(
    'RUN_BUSY',
    `${open.id} is ${open.state} and may publish what is to be hidden: let it end, or cancel it (rota run cancel ${open.id}), then redact`,
    { facts: { run: open.id } },
  );
}

interface DateToRedact {
  readonly wiki: WikiConfig;
  readonly date: string;
  readonly sets: readonly SetPointer[];
  readonly options: RedactWikiOptions;
  readonly bz2: RewriteTools['bz2'];
}

async function redactDate(
  tools: RedactWikiTools,
  guard: LeaseGuard,
  { wiki, date, sets, options, bz2 }: DateToRedact,
): Promise<RedactedDate | null> {
  const { trees, searchPath, signal, clock } = tools;
  const at = { wiki: wiki.name, date };
  const files = filesOfDate(trees, at, sets);
  const wanted = new Set(options.revisions);
  const pages = await locateRevisions(files, wanted, tools);
  if (pages.size === 0) return null;
  const rewrite: RewriteTools = {
    redaction: { revisions: new Set(pages.keys()), parts: options.parts },
    pages,
    profile: wiki.fullDump.profile,
    searchPath,
    bz2,
    threads: wiki.fullDump.threads,
    signal,
  };
  const folder = ({ file }: { readonly file: { readonly audience: 'public' | 'private' } }) =>
    join(workFolder(trees[file.audience], wiki.name, options.dryRun), date);
  const rewritten = await rewriteDate({ files, folder }, rewrite);
  if (rewritten.length > 0 && !options.dryRun) {
    const tombstone: ManifestTombstone = {
      at: clock.now(),
      what: 'redacted',
      revisions: [...pages.keys()].sort((a, b) => a - b),
      parts: (['text', 'comment', 'user'] as const).filter((part) => options.parts[part]),
      files: rewritten.filter(({ dated }) => dated.file.audience === audienceOf(wiki)).map(nameOf),
    };
    const rawBytes = await rawBytesOf(trees[audienceOf(wiki)], at);
    const change = { sets, files: rewritten, tombstone, rawBytes };
    await publishRewritten(tools, guard, dateOf(wiki, date), change);
  }
  return {
    date,
    revisions: [...pages.keys()].sort((a, b) => a - b),
    files: rewritten.map((file) => ({ name: nameOf(file), changed: file.changed })),
    ledger: ledgerChange(rewritten),
  };
}

function ledgerChange(rewritten: readonly RewrittenFile[]): RedactedDate['ledger'] {
  const ledger = rewritten.find(({ dated }) => dated.output === 'ledger');
  return ledger === undefined
    ? null
    : { before: ledger.dated.file.digest.sha256, after: ledger.digest.sha256 };
}

const nameOf = ({ dated }: RewrittenFile): string => dated.file.name;

function audienceOf(wiki: WikiConfig): 'public' | 'private' {
  return wiki.isPrivate ? 'private' : 'public';
}

function dateOf(wiki: WikiConfig, date: string): DateOfWiki {
  return { wiki: wiki.name, date, audience: audienceOf(wiki) };
}

/**
 * Beside the tree; not named as a run's folder, so that nobody takes it for one. A trial has one of its own: what a
 * redaction left that broke off is still needed.
 */
function workFolder(tree: Tree, wiki: string, dryRun: boolean): string {
  return join(tree.workRoot, `${dryRun ? 'trial-redaction' : 'redaction'}.${wiki}`);
}

async function clearWork({ trees }: RedactWikiTools, wiki: string, dryRun: boolean): Promise<void> {
  for (const tree of [trees.public, trees.private]) {
    await rm(workFolder(tree, wiki, dryRun), { recursive: true, force: true });
  }
}

/** How long the content of each file was when it was made. */
async function rawBytesOf(
  tree: Tree,
  { wiki, date }: { readonly wiki: string; readonly date: string },
): Promise<ReadonlyMap<string, number>> {
  const sets = (await readSets(tree.file(wiki, date, 'manifest.json'))) ?? {};
  return new Map(
    Object.values(sets).flatMap((set) =>
      set.files.flatMap(({ name, rawBytes }) => (rawBytes === undefined ? [] : [[name, rawBytes] as const])),
    ),
  );
}

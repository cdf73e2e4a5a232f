import type { WikiConfig } from '../config/farm-config.ts';
import { wikiNamed } from '../config/wiki-named.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { Log } from '../core/log.ts';
import type { HiddenParts } from '../export/redact/redact-revision.ts';
import { redactDays, whileNoDayIsMade } from '../jobs/changes/redaction/redact-days.ts';
import { readLedgerSuccessors } from '../jobs/full-dump/redaction/published-files.ts';
import { redactTools, redactWiki } from '../jobs/full-dump/redaction/redact-wiki.ts';
import { readStillShown } from '../jobs/full-dump/redaction/still-shown.ts';
import type { Cli } from './cli.ts';
import { confirm } from './confirm.ts';
import { openFarmOf } from './open-farm-of.ts';

export interface RedactOptions {
  readonly rev: readonly number[];
  readonly text?: boolean;
  readonly comment?: boolean;
  readonly user?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** A date or day in which something is, or would be, hidden. */
interface Redacted {
  readonly date: string;
  readonly files: readonly { readonly name: string; readonly changed: readonly number[] }[];
}

/** Hides parts of revisions in everything that a wiki has published. */
export async function redactDump(cli: Cli, name: string, options: RedactOptions): Promise<ExitStatus> {
  const config = await cli.farm();
  const wiki = wikiNamed(config, name);
  const revisions = [...new Set(options.rev)].sort((a, b) => a - b);
  const parts = partsOf(options);
  const dryRun = options.dryRun === true;
  await using log = await cli.openLog();
  const shown = await askWiki(cli, wiki, { revisions, parts }, log.log);
  const question = `Hide ${describeParts(parts)} of ${revisions.length} revisions in everything that ${name} has published, for good?`;
  if (!dryRun && !(await confirm(cli, question, options.yes))) return exitStatus.nothingToDo;
  await using farm = await openFarmOf(cli, config);
  const { store, trees, holder } = farm;
  const lease = { store, holder, clock: cli.clock, log: log.log, leaseMs: config.lease.durationMs };
  const { threads } = wiki.fullDump;
  const searchPath = cli.io.env.PATH ?? '';
  const tools = { ...lease, farm: config, trees, searchPath, threads, signal: cli.signal };
  let held = 0;
  let files = 0;
  const tell = (kind: 'dump' | 'changes') => (one: Redacted) => {
    held += 1;
    files += one.files.length;
    print(cli, { wiki: name, kind, dryRun }, one);
  };
  await whileNoDayIsMade(tools, name, async (guard) => {
    await redactWiki(redactTools(config, tools), wiki, { revisions, parts, dryRun, onDate: tell('dump') });
    const ledgers = await readLedgerSuccessors(trees, store, name);
    const redaction = { revisions: new Set(revisions), parts };
    await redactDays(tools, guard, name, { redaction, dryRun, ledgers, onDay: tell('changes') });
  });
  if (files === 0) {
    cli.out.remark(
      held === 0
        ? `no published date or day of ${name} holds ${revisions.length === 1 ? 'this revision' : 'one of these revisions'}`
        : 'all of it is hidden already',
    );
    return exitStatus.nothingToDo;
  }
  if (!dryRun) cli.out.remark('whatever was downloaded before is out of reach');
  if (shown.length > 0) cli.out.remark(warning(name, shown));
  return exitStatus.done;
}

function partsOf({ text, comment, user }: RedactOptions): HiddenParts {
  if (!text && !comment && !user) return { text: true, comment: true, user: true };
  return { text: text === true, comment: comment === true, user: user === true };
}

function describeParts(parts: HiddenParts): string {
  return (['text', 'comment', 'user'] as const).filter((part) => parts[part]).join(', ');
}

/** The wiki's database may be out of reach just now: what is published is taken back all the same. */
async function askWiki(
  cli: Cli,
  wiki: WikiConfig,
  order: { readonly revisions: readonly number[]; readonly parts: HiddenParts },
  log: Log,
): Promise<readonly number[]> {
  try {
    return await readStillShown(wiki, order, { log, signal: cli.signal });
  } catch (error) {
    cli.signal.throwIfAborted();
    const what = error instanceof Error ? error.message : String(error);
    cli.out.remark(`whether the wiki itself hides it could not be asked (${what})`);
    return [];
  }
}

function warning(wiki: string, shown: readonly number[]): string {
  const ids = `${shown.slice(0, 10).join(', ')}${shown.length > 10 ? ' …' : ''}`;
  return `the wiki itself still shows it (revision ${ids}): hide it there, too, or the next dump of ${wiki} publishes it again`;
}

function print(
  cli: Cli,
  at: { readonly wiki: string; readonly kind: 'dump' | 'changes'; readonly dryRun: boolean },
  { date, files }: Redacted,
): void {
  const what = `${at.wiki} ${date}${at.kind === 'changes' ? ' (changes)' : ''}`;
  const hidden = new Set(files.flatMap(({ changed }) => changed)).size;
  const revisions = `${hidden} revision${hidden === 1 ? '' : 's'}`;
  const does = at.dryRun
    ? `would be hidden, ${files.length} files rewritten`
    : `hidden, ${files.length} files rewritten`;
  cli.out.line(
    { ...at, date, files },
    `${what}: ${files.length === 0 ? 'hidden already' : `${revisions} ${does}`}`,
  );
  if (!at.dryRun || cli.out.json) return;
  for (const { name, changed } of files) {
    const count = `${changed.length} revision${changed.length === 1 ? '' : 's'}`;
    cli.out.text(`  ${name}: ${changed.length === 0 ? 'describes what changed' : count}`);
  }
}

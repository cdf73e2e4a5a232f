import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { noRedactions } from '../../../dumping/piece/piece-spec.ts';
import { openWiki, wikiAccess } from '../../../dumping/wiki-access.ts';
import type { EarlierFiles } from '../content/assemble-content.ts';
import { assembleMending } from '../content/assemble-mending.ts';
import { rebuildPiece } from '../content/build-piece.ts';
import { readPieces } from '../content/committed-pieces.ts';
import type { PieceRange } from '../content/cut-pieces.ts';
import { type FileListSummary, readFileList, writeFileList } from '../content/file-list.ts';
import { mergeRedactions, readRedactions, writeRedactions } from '../content/redactions.ts';
import { readRedonePieces } from '../content/redone-pieces.ts';
import { frozenSiteInfo } from '../content/site.ts';
import { VisibilityLook } from '../look/find-changes.ts';
import type { MadeFile } from '../made-file.ts';
import { type FullDumpContext, runFolder } from '../run-folder.ts';
import { type FullDumpServices, wikiOf } from '../services.ts';
import { verifyXmlFiles } from '../verify/verify-files.ts';

/** A wiki that hides something during every look is tried again later. */
const mostLooks = 8;

/** What the last look leaves for publication. */
export interface LastLookSummary extends FileListSummary {
  readonly looks: number;
  /** ISO 8601; when the last look began. */
  readonly lookedAt: string;
  readonly redacted: { readonly pages: number; readonly revisions: number };
}

/**
 * Looks once more, right before publication, at what is visible: what was hidden or deleted since the snapshot is taken
 * out, the pieces that held it are built again, and the files that they are in; until a look finds nothing.
 */
export class LastLookStage extends Stage<FullDumpServices> {
  readonly name = 'last-look';
  override readonly needs = ['verify'];
  override readonly retries = { tries: 3, backoffMs: 60_000 };
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: FullDumpContext): Promise<StageOutcome> {
    const wiki = wikiOf(context.services, context.run.subject);
    let files = await readFileList(context, 'assemble');
    let known = await readRedactions(context);
    // What an attempt that was killed noted may not be taken out yet: then the first look finds it all once more.
    let compareWith = noRedactions;
    // Nor is it known then which of its pieces the files are made of.
    const isFresh = Object.keys(await readRedonePieces(context)).length === 0;
    let earlier: EarlierFiles | null = isFresh ? { files, pieces: await readPieces(context) } : null;
    const looker = new VisibilityLook(runFolder(context).spool, await frozenSiteInfo(context));
    for (let look = 1; look <= mostLooks; look++) {
      const now = context.clock.now();
      await using reading = await openWiki(wikiAccess(wiki), { log: context.log, signal: context.signal });
      const { redactions, chunks } = await looker.look(reading, {
        ...{ known: compareWith, signal: context.signal, now },
        onChunk: (index, total) => context.progress({ done: index, total, unit: 'chunks' }),
      });
      if (chunks.length === 0) {
        const summary: LastLookSummary = {
          ...(await writeFileList(context, this.name, files)),
          looks: look,
          lookedAt: now.toISOString(),
          redacted: {
            pages: known.gonePages.length,
            revisions: known.goneRevisions.length + Object.keys(known.hiddenRevisions).length,
          },
        };
        return done(summary);
      }
      known = mergeRedactions(known, redactions);
      compareWith = known;
      await writeRedactions(context, known);
      await this.#rebuild(context, chunks);
      await context.services.threads.close();
      const before: readonly MadeFile[] = earlier?.files ?? [];
      files = await assembleMending(context, `look-${look}`, earlier);
      await verifyXmlFiles(
        context,
        files.filter((file) => !before.includes(file)),
      );
      earlier = { files, pieces: await readPieces(context) };
    }
    throw new RotaError(
      'WIKI_KEEPS_CHANGING',
      `pages of ${wiki.name} are being hidden or deleted during every look; the dump is tried again later`,
    );
  }

  async #rebuild(context: FullDumpContext, chunks: readonly number[]): Promise<void> {
    for (const piece of await context.pieces.committed('content')) {
      const range = piece.data as PieceRange;
      if (!chunks.some((chunk) => chunk >= range.fromChunk && chunk < range.toChunk)) continue;
      await rebuildPiece(context, piece.id, await readRedactions(context));
    }
  }
}

import { OutputBuffer } from '../../../export/kernel/output-buffer.ts';
import { PageRenderer } from '../../../export/writer/page-renderer.ts';
import { renderFooter, renderHeader } from '../../../export/writer/site-head.ts';
import { options, revision as sampleRevision } from '../../../export/writer/testing/samples.ts';
import { needsText } from '../../../export/writer/visibility.ts';
import type { PagePart } from '../../../mediawiki/record/page-part.ts';
import type { RevisionRecord } from '../../../mediawiki/record/revision-record.ts';
import type { TextOutcome } from '../../../mediawiki/text/text-source.ts';

/** What can happen to a wiki; the numbers choose what it happens to. */
export type Event =
  | {
      readonly kind: 'create' | 'edit' | 'delete' | 'undelete' | 'undelete-onto' | 'rename-page' | 'redirect';
      readonly pick: number;
    }
  | { readonly kind: 'merge'; readonly pick: number; readonly other: number }
  | { readonly kind: 'hide'; readonly pick: number; readonly bits: number }
  | { readonly kind: 'rename-user'; readonly pick: number }
  | { readonly kind: 'lose-newest' };

export const eventKinds = [
  'create',
  'edit',
  'delete',
  'undelete',
  'undelete-onto',
  'rename-page',
  'redirect',
] as const;

interface ModelRevision {
  readonly id: number;
  page: number;
  readonly user: number;
  readonly text: string;
  deleted: number;
}

const users = 4;

/** A wiki of a few pages in memory, with everything that changes dumps: for tests of what is compared and applied. */
export class ModelWiki {
  readonly #pages = new Map<number, { title: string; redirect: string | null }>();
  readonly #names = new Map<number, string>();
  #revisions: ModelRevision[] = [];
  #archive: ModelRevision[] = [];
  #nextPage = 1;
  #nextRevision = 1;
  #renames = 0;

  get greatestRevision(): number {
    return Math.max(0, ...this.#revisions.map((revision) => revision.id));
  }

  /** The registered ones as the actor table names them, ascending. */
  get users(): { readonly id: number; readonly name: string }[] {
    return Array.from({ length: users - 1 }, (_, at) => ({ id: at + 1, name: this.#nameOf(at + 1) }));
  }

  happen(event: Event): void {
    switch (event.kind) {
      case 'create':
        this.#pages.set(this.#nextPage, { title: `Page_"${this.#nextPage}"`, redirect: null });
        this.#add(this.#nextPage++);
        return;
      case 'edit':
        this.#withPage(event.pick, (page) => this.#add(page));
        return;
      case 'delete':
        this.#withPage(event.pick, (page) => {
          this.#pages.delete(page);
          this.#archive.push(...this.#revisions.filter((revision) => revision.page === page));
          this.#revisions = this.#revisions.filter((revision) => revision.page !== page);
        });
        return;
      case 'undelete':
        this.#undelete(event.pick, null);
        return;
      case 'undelete-onto':
        this.#withPage(event.pick * 7, (page) => this.#undelete(event.pick, page));
        return;
      case 'rename-page':
        this.#withPage(event.pick, (page) => {
          this.#pages.set(page, { title: `Moved_<${this.#renames++}>`, redirect: null });
        });
        return;
      case 'redirect':
        this.#withPage(event.pick, (page) => {
          const now = this.#pages.get(page);
          this.#pages.set(page, { title: now?.title ?? '', redirect: `To_'${event.pick % 5}'` });
        });
        return;
      case 'merge':
        this.#withPage(event.pick, (from) =>
          this.#withPage(event.other, (to) => {
            const ofPage = this.#revisions.filter((revision) => revision.page === from);
            const until = ofPage[event.pick % ofPage.length]?.id ?? 0;
            for (const revision of ofPage) if (revision.id <= until) revision.page = to;
            if (!this.#revisions.some((revision) => revision.page === from)) this.#pages.delete(from);
          }),
        );
        return;
      case 'hide': {
        const revision = this.#revisions[event.pick % Math.max(1, this.#revisions.length)];
        if (revision) revision.deleted = event.bits;
        return;
      }
      case 'rename-user':
        this.#names.set(event.pick % users, `User & "${this.#renames++}"`);
        return;
      case 'lose-newest':
        this.#archive.push(...this.#revisions.filter((revision) => revision.id === this.greatestRevision));
        this.#revisions = this.#revisions.filter((revision) => revision.id !== this.greatestRevision);
        for (const page of [...this.#pages.keys()]) {
          if (!this.#revisions.some((revision) => revision.page === page)) this.#pages.delete(page);
        }
    }
  }

  /** The state as records, pages and revisions ascending. */
  state(wanted: (id: number) => boolean): PagePart[] {
    const parts: PagePart[] = [];
    for (const [id, { title, redirect }] of [...this.#pages].sort(([a], [b]) => a - b)) {
      const own = this.#revisions
        .filter((revision) => revision.page === id && wanted(revision.id))
        .sort((a, b) => a.id - b.id)
        .map((revision) => this.#record(revision));
      if (own.length === 0) continue;
      const target = redirect === null ? null : { namespace: 1, title: redirect, interwiki: '' };
      const page = {
        id,
        namespace: 0,
        title,
        isRedirect: target !== null,
        latestRevisionId: own.at(-1)?.id ?? 0,
        redirect: target,
      };
      parts.push({ page, isFirst: true, isLast: true, revisions: own });
    }
    return parts;
  }

  /** The dump of such a state, with texts. */
  xml(parts: readonly PagePart[]): Buffer {
    const out = new OutputBuffer();
    const renderer = new PageRenderer(textPass, out);
    for (const { page, revisions } of parts) {
      renderer.pageHead(page);
      for (const revision of revisions) {
        const texts = revision.slots.map((slot): TextOutcome | null =>
          needsText(page, revision, slot, textPass)
            ? { kind: 'text', bytes: Buffer.from(this.#textOf(revision.id)) }
            : null,
        );
        renderer.revision(page, revision, texts);
      }
      renderer.pageTail();
    }
    return Buffer.concat([renderHeader(textPass), out.bytes(), renderFooter(textPass)]);
  }

  #textOf(id: number): string {
    return this.#revisions.find((revision) => revision.id === id)?.text ?? '';
  }

  #record({ id, user, text, deleted }: ModelRevision): RevisionRecord {
    const userName = this.#nameOf(user);
    return sampleRevision(text, {
      id,
      parentId: 0,
      deleted,
      userId: user,
      userName,
      comment: `edit "${id}"`,
    });
  }

  #nameOf(user: number): string {
    return this.#names.get(user) ?? `User ${user}`;
  }

  #add(page: number): void {
    const id = this.#nextRevision++;
    // Every third text is empty: its element has nothing in it.
    const text = id % 3 === 0 ? '' : `text <${id}> & "more"`;
    this.#revisions.push({ id, page, user: id % users, text, deleted: 0 });
  }

  #withPage(pick: number, action: (page: number) => void): void {
    const ids = [...this.#pages.keys()];
    const page = ids[pick % Math.max(1, ids.length)];
    if (page !== undefined) action(page);
  }

  /** All archived revisions of one former page come back: as that page, or onto another one. */
  #undelete(pick: number, onto: number | null): void {
    const former = this.#archive[pick % Math.max(1, this.#archive.length)]?.page;
    if (former === undefined) return;
    const back = this.#archive.filter((revision) => revision.page === former);
    this.#archive = this.#archive.filter((revision) => revision.page !== former);
    const page = onto ?? former;
    for (const revision of back) revision.page = page;
    this.#revisions.push(...back);
    if (!this.#pages.has(page)) this.#pages.set(page, { title: `Back_${page}`, redirect: null });
  }
}

export const textPass = options({ profile: 'text-pass' });

import type { Random } from '../../core/random.ts';
import { type ByteText, byteText } from '../language/byte-text.ts';
import type { Language } from '../language/language.ts';
import { Authorship } from '../people/authorship.ts';
import type { Author, People } from '../people/people.ts';
import type { TextSource } from '../text/blocks.ts';
import { editText } from '../text/edit-text.ts';
import { firstText } from '../text/first-text.ts';
import { contentModel } from '../text/page-kind.ts';
import type { LivePage } from './live-page.ts';
import { secret } from './marker.ts';
import type { PagePlan } from './page-plan.ts';
import { TextBuffer } from './text-buffer.ts';
import type { StoredContent } from './text-store.ts';
import { mediawikiTimestamp } from './timestamp.ts';
import type { WikiRecorder } from './wiki-recorder.ts';

export interface LifeSetting {
  readonly recorder: WikiRecorder;
  readonly language: Language;
  readonly people: People;
  readonly source: TextSource;
  readonly random: Random;
}

interface RevisionFacts {
  readonly at: number;
  readonly author: Author;
  readonly comment: string;
  readonly minor: boolean;
  readonly deleted: number;
}

/** Rows of change_tag_def. */
export const tagIds = { rollback: 1, undo: 2, mobile: 3 } as const;

/** Everything that people do to pages: each method writes what MediaWiki writes when it happens. */
export class WikiLife {
  readonly #setting: LifeSetting;
  readonly #who: Authorship;
  readonly #text = new TextBuffer();

  constructor(setting: LifeSetting) {
    this.#setting = setting;
    this.#who = new Authorship(setting.random, setting.people, setting.language);
  }

  /** A page with its first revision. */
  create(plan: PagePlan, at: number): LivePage {
    const { recorder, source, random } = this.#setting;
    const id = ++recorder.ids.page;
    const blocks = firstText(source, {
      kind: plan.kind,
      title: byteText(plan.title.replaceAll('_', ' ')),
      bytes: plan.bytes * (0.15 + 0.85 * Math.sqrt(1 / plan.revisions)),
      when: signatureTime(at),
    });
    // Deleted pages are marked, so that a test can see that nothing of them is published.
    if (isDoomed(plan)) blocks.push(secret('deleted text', id));
    const page: LivePage = {
      plan,
      id,
      title: plan.title,
      done: 0,
      events: 0,
      latest: 0,
      latestAt: '',
      blocks,
      bytes: 0,
      content: this.#store(blocks, plan),
      aux: null,
      spoiled: null,
      hidden: 0,
    };
    page.bytes = page.content.size;
    const author = plan.imported ? random.pick(this.#setting.people.imported) : this.#who.author();
    const comment = isDoomed(plan)
      ? secret('deleted summary', id)
      : random.chance(0.3)
        ? ''
        : this.#who.summary(page);
    this.#revise(page, { at, author, comment, minor: false, deleted: 0 });
    if (at > creationLogSince && !plan.imported) {
      // The log keeps the summary when the page is gone; what is marked as deleted must not be told there.
      const told = isDoomed(plan) ? '' : comment;
      this.#log(page, 'create', 'create', at, author, told, { associated_rev_id: page.latest });
    }
    return page;
  }

  /** The next edit of a page, of whatever kind chance wants. */
  edit(page: LivePage, at: number): void {
    const { random, people } = this.#setting;
    if (page.spoiled !== null) {
      this.#revert(page, at);
      return;
    }
    if (random.chance(0.03) && page.plan.kind !== 'json') {
      this.#spoil(page, at);
      return;
    }
    const target =
      page.plan.bytes *
      (0.15 + 0.85 * Math.sqrt((page.done + 1) / Math.max(page.done + 1, page.plan.revisions)));
    editText(this.#setting.source, page.blocks, {
      kind: page.plan.kind,
      bytes: target,
      current: page.bytes,
      when: signatureTime(at),
    });
    page.content = this.#store(page.blocks, page.plan);
    page.bytes = page.content.size;
    if (page.plan.twoSlots && (page.aux === null || random.chance(0.3))) {
      const json = Buffer.from(`{"aux":${random.below(1000)},"of":"<${page.done}>"}`);
      page.aux = this.#setting.recorder.texts.add(json, 'json');
    }
    const author = page.plan.imported ? random.pick(people.imported) : this.#who.author();
    const comment = isDoomed(page.plan) ? secret('deleted summary', page.id) : this.#who.summary(page);
    this.#revise(page, { at, author, comment, minor: random.chance(0.3), deleted: 0 });
    if (random.chance(0.01)) this.#setting.recorder.revisions.tag(page.latest, tagIds.mobile);
  }

  /** The page gets its new name, a note of that in its history, and a redirect at its old name, which is returned. */
  move(
    page: LivePage,
    at: number,
    newTitle: string,
  ): { readonly redirect: LivePage; readonly target: string } {
    this.#clean(page);
    const author = this.#who.user();
    const from = page.title;
    page.title = newTitle;
    const { recorder, language } = this.#setting;
    const shown = newTitle.replaceAll('_', ' ');
    const comment = `${author.name} moved page [[${from.replaceAll('_', ' ')}]] to [[${shown}]]`;
    this.#revise(page, { at, author, comment, minor: true, deleted: 0 });
    const log = { '4::target': shown, '5::noredir': '0', associated_rev_id: page.latest };
    this.#log({ ...page, title: from }, 'move', 'move', at, author, this.#who.reason(), log);
    const plan: PagePlan = {
      ...page.plan,
      kind: 'redirect',
      title: from,
      revisions: 1,
      twoSlots: false,
      fate: 'kept',
    };
    const blocks = [byteText(`${language.redirectWords[0] ?? '#REDIRECT'} [[${shown}]]`)];
    const content = this.#store(blocks, plan);
    const redirect: LivePage = {
      plan,
      id: ++recorder.ids.page,
      title: from,
      done: 0,
      events: 1,
      latest: 0,
      latestAt: '',
      blocks,
      bytes: content.size,
      content,
      aux: null,
      spoiled: null,
      hidden: 0,
    };
    this.#revise(redirect, { at, author, comment, minor: false, deleted: 0 });
    return { redirect, target: newTitle };
  }

  /** Notes a protection in the page's history and in the log; the rows of page_restrictions are the caller's. */
  protect(page: LivePage, at: number): void {
    this.#clean(page);
    const details = [{ type: 'edit', level: 'sysop', expiry: 'infinity', cascade: false }];
    const comment = `Protected "[[${page.title.replaceAll('_', ' ')}]]": ${this.#who.reason()} ([Edit=Allow only administrators] (indefinite))`;
    const author = this.#setting.people.admin;
    this.#revise(page, { at, author, comment, minor: true, deleted: 0 });
    this.#log(page, 'protect', 'protect', at, author, this.#who.reason(), {
      '4::description': '\u200e[edit=sysop] (indefinite)',
      '5:bool:cascade': false,
      details,
      associated_rev_id: page.latest,
    });
  }

  /** Logs a deletion (the rows of revisions are the caller's); a suppressed one is only in the private log. */
  remove(page: LivePage, at: number, suppressed: boolean): void {
    const reason = suppressed ? secret('suppressed reason', page.id) : this.#who.reason();
    const type = suppressed ? 'suppress' : 'delete';
    this.#log(page, type, 'delete', at, this.#setting.people.admin, reason, {});
  }

  restore(page: LivePage, at: number): void {
    const params = { ':assoc:count': { revisions: page.done, files: 0 } };
    this.#log(page, 'delete', 'restore', at, this.#setting.people.admin, this.#who.reason(), params);
  }

  /** Logs that a revision is hidden; setting the bits of rev_deleted is the caller's. */
  hide(page: LivePage, revisionId: number, bits: number, at: number): void {
    const params = { '4::type': 'revision', '5::ids': [revisionId], '6::ofield': 0, '7::nfield': bits };
    const suppressed = (bits & 8) !== 0;
    const reason = suppressed ? secret('suppression reason', revisionId) : this.#who.reason();
    const type = suppressed ? 'suppress' : 'delete';
    this.#log(page, type, 'revision', at, this.#setting.people.admin, reason, params);
  }

  #spoil(page: LivePage, at: number): void {
    const { random, people } = this.#setting;
    const hide = random.chance(0.25) ? random.between(1, 15) : 0;
    const before = { blocks: page.blocks, content: page.content };
    const id = this.#setting.recorder.ids.revision + 1;
    const text = (hide & 1) !== 0 ? secret('hidden text', id) : random.chance(0.3) ? '' : 'LOL!!! was here';
    page.blocks = text === '' || hide > 0 ? [text] : [...page.blocks.slice(0, 1), text];
    page.content = this.#store(page.blocks, page.plan);
    page.bytes = page.content.size;
    const author = (hide & 4) !== 0 ? random.pick(people.hidden) : random.pick(people.addresses);
    const comment = (hide & 2) !== 0 ? secret('hidden summary', id) : '';
    this.#revise(page, { at, author, comment, minor: false, deleted: isDoomed(page.plan) ? 0 : hide });
    page.spoiled = before;
    if (hide === 0 || isDoomed(page.plan)) return;
    this.hide(page, page.latest, hide, at + 60);
  }

  #revert(page: LivePage, at: number): void {
    const { random, people, recorder } = this.#setting;
    this.#clean(page);
    const author = random.chance(0.5) ? random.pick(people.bots) : this.#who.user();
    const comment = 'Reverted edits by [[Special:Contributions/…|…]] to last version';
    this.#revise(page, { at, author, comment, minor: true, deleted: 0 });
    if (!isDoomed(page.plan))
      recorder.revisions.tag(page.latest, random.chance(0.5) ? tagIds.rollback : tagIds.undo);
  }

  /** Brings back what stood there before: a spoiled text may be a hidden one and must not be shown again. */
  #clean(page: LivePage): void {
    if (page.spoiled === null) return;
    page.blocks = page.spoiled.blocks;
    page.content = page.spoiled.content;
    page.bytes = page.content.size;
    page.spoiled = null;
  }

  #revise(page: LivePage, facts: RevisionFacts): void {
    const { plan } = page;
    page.latestAt = mediawikiTimestamp(facts.at);
    page.latest = this.#setting.recorder.revisions.add({
      pageId: page.id,
      parentId: page.latest,
      timestamp: page.latestAt,
      author: facts.author,
      comment: facts.comment,
      minor: facts.minor,
      deleted: plan.fate === 'suppressed' ? 15 : facts.deleted,
      content: page.content,
      aux: page.aux,
      archived: isDoomed(plan) ? { namespace: plan.namespace, title: page.title } : null,
    });
    page.hidden = facts.deleted;
    page.done += 1;
  }

  #store(blocks: readonly ByteText[], plan: PagePlan): StoredContent {
    return this.#setting.recorder.texts.add(this.#text.join(blocks), contentModel(plan.kind));
  }

  #log(
    page: Pick<LivePage, 'plan' | 'id' | 'title'>,
    type: string,
    action: string,
    at: number,
    author: Author,
    comment: string,
    params: Parameters<WikiRecorder['logs']['add']>[0]['params'],
  ): void {
    const pageId = action === 'delete' ? 0 : page.id;
    const { namespace } = page.plan;
    const timestamp = mediawikiTimestamp(at);
    this.#setting.recorder.logs.add({
      type,
      action,
      timestamp,
      author,
      namespace,
      title: page.title,
      pageId,
      comment,
      params,
    });
  }
}

/** Since MediaWiki 1.30 or so, the creation of a page is logged: for these wikis from mid-2018 on. */
const creationLogSince = Date.UTC(2018, 5, 27) / 1000;

/** Its revisions lie in `archive`. */
export function isDoomed(plan: PagePlan): boolean {
  return plan.fate === 'deleted' || plan.fate === 'suppressed';
}

function signatureTime(at: number): string {
  const iso = new Date(at * 1000).toISOString();
  return `${iso.slice(11, 16)}, ${iso.slice(0, 10)}`;
}

import type { DumpSource } from '../dump-source.ts';
import { readableTitle, titleOf } from '../sound-parts.ts';
import { PartReader } from './part-reader.ts';

/** One difference between dump A and dump B. */
export interface Difference {
  readonly kind:
    | 'head-changed'
    | 'page-added'
    | 'page-removed'
    /** What stands of a page beside its revisions: title, namespace, redirect, uploads. */
    | 'page-changed'
    | 'revision-added'
    | 'revision-removed'
    | 'revision-changed'
    | 'log-item-added'
    | 'log-item-removed'
    | 'log-item-changed';
  /** Null for heads and log items. */
  readonly pageId: number | null;
  /** The title in B, or in A where B has no such page. */
  readonly title: string | null;
  /** Of a revision or log item. */
  readonly id: number | null;
  /** Of an added or removed page. */
  readonly revisions: number | null;
}

type Item = { readonly kind: 'page' | 'log-item'; readonly id: number };

/**
 * Compares two dumps as they stream by, in whatever format each is: page by page, revision by revision, byte by byte.
 * Memory: two revisions and a few chunks.
 * @throws RotaError XML_DAMAGED, also where ids do not ascend
 */
export async function* diffDumps(a: DumpSource, b: DumpSource): AsyncGenerator<Difference, void, void> {
  await using left = new PartReader(a);
  await using right = new PartReader(b);
  const [headA, headB] = [await left.takeHead(), await right.takeHead()];
  if (!headA.equals(headB)) yield difference('head-changed', {});
  for (;;) {
    const [itemA, itemB] = [await left.peekItem(), await right.peekItem()];
    if (itemA === null && itemB === null) return;
    const order = compare(itemA, itemB);
    if (order < 0) yield await only(left, itemA, 'removed');
    else if (order > 0) yield await only(right, itemB, 'added');
    else if (itemA?.kind === 'page') yield* comparePages(left, right, itemA.id);
    else {
      const [bytesA, bytesB] = [await left.takeLogItem(), await right.takeLogItem()];
      if (!bytesA.equals(bytesB)) yield difference('log-item-changed', { id: itemA?.id ?? null });
    }
  }
}

/** The one whose id is smaller comes first; one that is over comes last. */
function compare(a: { readonly id: number } | null, b: { readonly id: number } | null): number {
  return (a?.id ?? Number.POSITIVE_INFINITY) - (b?.id ?? Number.POSITIVE_INFINITY);
}

async function only(reader: PartReader, item: Item | null, how: 'added' | 'removed'): Promise<Difference> {
  if (item?.kind !== 'page') {
    await reader.takeLogItem();
    return difference(`log-item-${how}`, { id: item?.id ?? null });
  }
  const title = readableTitle(titleOf(await reader.takePageOpen()));
  let revisions = 0;
  while ((await reader.peekRevision()) !== null) {
    await reader.takeRevision();
    revisions += 1;
  }
  await reader.takePageClose();
  return difference(`page-${how}`, { pageId: item.id, title, revisions });
}

async function* comparePages(
  left: PartReader,
  right: PartReader,
  pageId: number,
): AsyncGenerator<Difference, void, void> {
  const [openA, openB] = [await left.takePageOpen(), await right.takePageOpen()];
  const title = readableTitle(titleOf(openB));
  let isChanged = !openA.equals(openB);
  for (;;) {
    const [a, b] = [await left.peekRevision(), await right.peekRevision()];
    if (a === null && b === null) break;
    const order = compare(a, b);
    if (order < 0) {
      await left.takeRevision();
      yield difference('revision-removed', { pageId, title, id: a?.id ?? null });
    } else if (order > 0) {
      await right.takeRevision();
      yield difference('revision-added', { pageId, title, id: b?.id ?? null });
    } else {
      const [bytesA, bytesB] = [await left.takeRevision(), await right.takeRevision()];
      if (!bytesA.equals(bytesB)) yield difference('revision-changed', { pageId, title, id: a?.id ?? null });
    }
  }
  isChanged = !(await left.takePageClose()).equals(await right.takePageClose()) || isChanged;
  if (isChanged) yield difference('page-changed', { pageId, title });
}

function difference(kind: Difference['kind'], facts: Partial<Omit<Difference, 'kind'>>): Difference {
  return { kind, pageId: null, title: null, id: null, revisions: null, ...facts };
}

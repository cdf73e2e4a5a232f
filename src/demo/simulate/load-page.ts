import { inflateRawSync } from 'node:zlib';
import type { DemoDatabase, Value } from '../database/demo-database.ts';
import type { PageKind } from '../text/page-kind.ts';
import type { LivePage } from '../wiki/live-page.ts';
import { redirectTarget } from '../wiki/redirect-target.ts';
import type { StoredContent } from '../wiki/text-store.ts';

/** How a page's text is cast to bytes, in both dialects. */
const bytes = (column: string, dialect: DemoDatabase['dialect']): string =>
  dialect === 'sqlite' ? `CAST(${column} AS BLOB)` : column;

/** Brings a page back to life from its rows, to be edited; null: there is no page with that id. */
export async function loadPage(
  database: DemoDatabase,
  external: DemoDatabase | null,
  id: number,
): Promise<LivePage | null> {
  const { dialect } = database;
  const [row] = await database.query(
    `SELECT page_namespace, ${bytes('page_title', dialect)}, page_latest, ${bytes('page_touched', dialect)},
      (SELECT COUNT(*) FROM revision WHERE rev_page = page_id), ${bytes('page_content_model', dialect)}
     FROM page WHERE page_id = ?`,
    [id],
  );
  if (row === undefined) return null;
  const [namespace, title, latest, latestAt, revisions, model] = row;
  const slots = await database.query(
    `SELECT slot_role_id, content_id, content_size, ${bytes('content_sha1', dialect)}, slot_origin, ${bytes('content_address', dialect)}
     FROM slots JOIN content ON content_id = slot_content_id WHERE slot_revision_id = ? ORDER BY slot_role_id`,
    [latest ?? 0],
  );
  const [main, aux] = slots;
  if (main === undefined) return null;
  const text = await loadText(database, external, String(main[5]));
  const kind = kindOf(Number(namespace), String(model), redirectTarget(text) !== null);
  const done = Number(revisions);
  return {
    plan: {
      namespace: Number(namespace),
      title: String(title),
      kind,
      revisions: done + 20,
      bytes: Math.max(400, text.length * 1.05),
      fate: 'kept',
      moveAt: 0,
      newTitle: '',
      protectAt: 0,
      imported: false,
      twoSlots: aux !== undefined,
      createdAt: 0,
      endsAt: 0,
    },
    id,
    title: String(title),
    done,
    events: 0,
    latest: Number(latest),
    latestAt: String(latestAt),
    blocks: text.split('\n\n'),
    bytes: text.length,
    content: stored(main),
    aux: aux === undefined ? null : stored(aux),
    spoiled: null,
    hidden: 0,
  };
}

function stored(row: readonly Value[]): StoredContent {
  return {
    contentId: Number(row[1]),
    size: Number(row[2]),
    sha1: String(row[3]),
    origin: Number(row[4]),
  };
}

async function loadText(
  database: DemoDatabase,
  external: DemoDatabase | null,
  address: string,
): Promise<string> {
  const [row] = await database.query(
    `SELECT ${bytes('old_text', database.dialect)}, ${bytes('old_flags', database.dialect)} FROM text WHERE old_id = ?`,
    [Number(address.slice('tt:'.length))],
  );
  let data = toBuffer(row?.[0] ?? '');
  const flags = String(row?.[1] ?? '').split(',');
  if (flags.includes('external') && external !== null) {
    const id = Number(data.toString().split('/').at(-1));
    const [blob] = await external.query(
      `SELECT ${bytes('blob_text', external.dialect)} FROM blobs WHERE blob_id = ?`,
      [id],
    );
    data = toBuffer(blob?.[0] ?? '');
  }
  return (flags.includes('gzip') ? inflateRawSync(data) : data).toString('latin1');
}

function toBuffer(value: Value): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(String(value ?? ''));
}

function kindOf(namespace: number, model: string, redirect: boolean): PageKind {
  if (model === 'css' || model === 'javascript' || model === 'json') return model;
  if (redirect) return 'redirect';
  if (namespace % 2 === 1) return 'talk';
  const kinds: Readonly<Record<number, PageKind>> = {
    2: 'user',
    4: 'project',
    6: 'file',
    8: 'message',
    10: 'template',
    12: 'project',
    14: 'category',
  };
  return kinds[namespace] ?? 'article';
}

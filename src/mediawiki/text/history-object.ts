import { applyBinaryPatch } from './binary-patch.ts';
import { inflateRawOrNull } from './inflate.ts';
import {
  type PhpArray,
  PhpFormatError,
  type PhpObject,
  type PhpValue,
  phpUnserialize,
} from './php-unserialize.ts';

/** What a serialised object of the text storage is. */
export type HistoryObject =
  /** Holds texts by key; `defaultKey` is the one that the row itself stands for. */
  | { readonly kind: 'items'; readonly items: ReadonlyMap<string, Uint8Array>; readonly defaultKey: string }
  /** Points to an item of the object in another text row. */
  | { readonly kind: 'stub'; readonly textId: number; readonly key: string }
  /** Points to a row of the `cur` table of MediaWiki 1.4. */
  | { readonly kind: 'cur-stub'; readonly curId: number }
  /** Another class: nothing that holds text. */
  | { readonly kind: 'unknown'; readonly className: string }
  | { readonly kind: 'damaged' };

/** The texts of one object together may have so many bytes (MediaWiki writes about 10 MB at most). */
const largestObject = 512 * 1024 * 1024;

/** Decodes a row or blob that holds a serialised object. Never throws. */
export function decodeHistoryObject(bytes: Uint8Array): HistoryObject {
  try {
    let value = phpUnserialize(bytes);
    // A bug of MediaWiki's early compression script serialised some objects twice.
    if (value instanceof Uint8Array) value = phpUnserialize(value);
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array || value.type !== 'object')
      return { kind: 'damaged' };
    return decodeObject(value);
  } catch (error) {
    if (error instanceof PhpFormatError) return { kind: 'damaged' };
    throw error;
  }
}

function decodeObject(object: PhpObject): HistoryObject {
  switch (object.className) {
    case 'concatenatedgziphistoryblob':
      return decodeConcatenated(object);
    case 'diffhistoryblob':
      return decodeDiffs(object);
    case 'historyblobstub':
      return {
        kind: 'stub',
        textId: toId(object.properties.get('mOldId')),
        key: toText(object.properties.get('mHash')),
      };
    case 'historyblobcurstub':
      return { kind: 'cur-stub', curId: toId(object.properties.get('mCurId')) };
    default:
      return { kind: 'unknown', className: object.className };
  }
}

/** Items by MD5, as one compressed serialised array (or, when it was never closed, as a plain array). */
function decodeConcatenated(object: PhpObject): HistoryObject {
  let items = object.properties.get('mItems');
  if (object.properties.get('mCompressed') === true || object.properties.get('mCompressed') === 1) {
    const inflated = items instanceof Uint8Array ? inflateRawOrNull(items) : null;
    if (inflated === null) return { kind: 'damaged' };
    items = phpUnserialize(inflated);
  }
  if (!isArray(items)) return { kind: 'damaged' };
  const texts = new Map<string, Uint8Array>();
  for (const [key, value] of items.entries) if (value instanceof Uint8Array) texts.set(key, value);
  return { kind: 'items', items: texts, defaultKey: toText(object.properties.get('mDefaultHash')) };
}

/** A chain of binary patches, each on the text before it; `map` has the forward differences of the items' numbers. */
function decodeDiffs(object: PhpObject): HistoryObject {
  const compressed = object.properties.get('mCompressed');
  const inflated = compressed instanceof Uint8Array ? inflateRawOrNull(compressed) : null;
  if (inflated === null) return { kind: 'damaged' };
  const info = phpUnserialize(inflated);
  const items = new Map<string, Uint8Array>();
  // An object without items was stored as false.
  if (!isArray(info)) return { kind: 'items', items, defaultKey: '' };
  const defaultKey = toText(info.entries.get('default'));
  const diffs = info.entries.get('diffs');
  if (!isArray(diffs)) return { kind: 'damaged' };
  const base = info.entries.get('base');
  let tail: Uint8Array = new Uint8Array(0);
  let keys: number[];
  if (base === undefined || base === null) {
    let key = 0;
    keys = toText(info.entries.get('map'))
      .split(',')
      .map((step) => {
        key += Number(step);
        return key;
      });
  } else {
    // The old format: a base text, then one patch an item in order.
    if (!(base instanceof Uint8Array)) return { kind: 'damaged' };
    keys = Array.from({ length: diffs.entries.size + 1 }, (_, index) => index);
    tail = base;
    items.set('0', base);
    keys.shift();
  }
  let left = largestObject;
  let index = 0;
  for (const patch of diffs.entries.values()) {
    const key = keys[index++];
    if (!(patch instanceof Uint8Array) || key === undefined || !Number.isSafeInteger(key))
      return { kind: 'damaged' };
    const text = applyBinaryPatch(tail, patch, left);
    // What came before the damage is still good.
    if (text === null) break;
    left -= text.length;
    items.set(String(key), text);
    tail = text;
  }
  return { kind: 'items', items, defaultKey };
}

function isArray(value: PhpValue | undefined): value is PhpArray {
  return (
    value != null && typeof value === 'object' && !(value instanceof Uint8Array) && value.type === 'array'
  );
}

function toText(value: PhpValue | undefined): string {
  if (typeof value === 'number') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : '';
}

function toId(value: PhpValue | undefined): number {
  const id = Number(toText(value));
  return Number.isSafeInteger(id) && id > 0 ? id : 0;
}

import type { SlotRecord } from '../../mediawiki/record/revision-record.ts';
import { escapeAttribute, toBinary } from './escape-markup.ts';
import type { WriterOptions } from './options.ts';

/**
 * Where a stub says that its text is: `location` (0.11), and for the main slot the number of the text row, which is 0
 * for an address that no text row can have.
 */
export function locationAttributes(slot: SlotRecord, options: WriterOptions): string {
  const location = options.schema === '0.11' ? ` location="${escapeAttribute(toBinary(slot.address))}"` : '';
  if (slot.role !== 'main') return location;
  const id = textId(slot.address);
  return id === null ? location : `${location} id="${id}"`;
}

/** Null for addresses of another kind than `tt:`; 0 for what is no address at all. */
function textId(address: string): string | null {
  const parts = /^([-+.\w]+):([^\s?]+)(?:\?\S*)?$/.exec(address);
  if (parts === null) return '0';
  if (parts[1]?.toLowerCase() !== 'tt') return null;
  const id = parts[2] ?? '';
  return /^[1-9][0-9]*$/.test(id) ? id : '0';
}

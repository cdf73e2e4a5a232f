import { StoredTextSource } from './stored-text-source.ts';
import type { TextSource, TextSourceOptions } from './text-source.ts';

/** Opens a wiki's text storage: the text table and, when first needed, the external stores. */
export async function openTextSource(options: TextSourceOptions): Promise<TextSource> {
  const source = new StoredTextSource(options);
  await source.open();
  return source;
}

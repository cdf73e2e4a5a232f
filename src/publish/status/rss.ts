import { undatedName } from '../dump-catalogue/file-name.ts';
import { escapeMarkup } from '../pages/html.ts';
import { rssTime } from './times.ts';
import { dateAddress } from './web-address.ts';

export interface FeedItem {
  readonly wiki: string;
  readonly date: string;
  readonly file: string;
  readonly publishedAt: Date;
  readonly webRoot?: string;
}

/** The RSS feed of one kind of file: one item, the newest date. */
export function rssFeed(item: FeedItem): string {
  const folder = dateAddress(item, item.wiki, item.date);
  const x = escapeMarkup;
  // HTML inside XML: escaped once for each.
  const link = `<a href="${x(`${folder}/${encodeURIComponent(item.file)}`)}">${x(item.file)}</a>`;
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n',
    '<rss version="2.0"><channel>',
    `<title>${x(undatedName(item.wiki, item.date, item.file))}</title>`,
    `<link>${x(folder)}</link>`,
    `<description>Dump updates for ${x(item.wiki)}</description>`,
    `<item><title>${x(folder)}</title><link>${x(folder)}</link>`,
    `<description>${x(link)}</description>`,
    `<pubDate>${rssTime(item.publishedAt)}</pubDate></item>`,
    '</channel></rss>\n',
  ].join('');
}

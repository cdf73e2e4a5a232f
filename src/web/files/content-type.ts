/** By the end of the name; what is not here is a download of bytes. */
const types: readonly (readonly [string, string])[] = [
  ['.html', 'text/html; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.jsonl', 'application/jsonl; charset=utf-8'],
  ['.xml', 'application/xml; charset=utf-8'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.csv', 'text/csv; charset=utf-8'],
  ['.svg', 'image/svg+xml; charset=utf-8'],
  ['.png', 'image/png'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.gz', 'application/gzip'],
  ['.bz2', 'application/x-bzip2'],
  ['.zst', 'application/zstd'],
  ['.7z', 'application/x-7z-compressed'],
  ['.sig', 'application/pgp-signature'],
  ['.parquet', 'application/vnd.apache.parquet'],
];

/**
 * A compressed file is sent as it is, never with a Content-Encoding: a browser would decompress what somebody wants to
 * keep, and no checksum would fit.
 */
export function contentType(name: string): string {
  if (name.endsWith('-rss.xml')) return 'application/rss+xml; charset=utf-8';
  return types.find(([end]) => name.endsWith(end))?.[1] ?? 'application/octet-stream';
}

const units = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size for people, in powers of 1000: `42 bytes`, `1.2 GB`, `13 MB`. */
export function readableSize(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let value = bytes;
  let unit = '';
  for (const next of units) {
    value /= 1000;
    unit = next;
    // 999.96 would round to 1000.
    if (value < 999.5) break;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** A number with its thousands apart: `1,234,567`. */
export function groupedNumber(value: number): string {
  return value.toLocaleString('en-US');
}

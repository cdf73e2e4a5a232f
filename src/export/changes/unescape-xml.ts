const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#039': "'",
  '#10': '\n',
  '#13': '\r',
  '#9': '\t',
};

/** What stands in an element or attribute of a dump, as it reads. */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(amp|lt|gt|quot|#039|#10|#13|#9);/g, (_, name: string) => entities[name] ?? '');
}

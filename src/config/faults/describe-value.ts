/** What stands in the file, in a few words; passwords in URLs and whatever a secret key holds are not repeated. */
export function describeValue(value: unknown, key: string | number): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  if (isSecretKey(key)) return `a ${typeof value === 'string' ? 'text' : typeof value}`;
  if (typeof value === 'number') return `the number ${value}`;
  const text = typeof value === 'string' ? JSON.stringify(redactUrl(value)) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** A URL (or what was meant as one, with mistakes in it) without its password. */
export function redactUrl(text: string): string {
  return text
    .replace(/:(?!\/\/).*@/s, ':[secret]@')
    .replace(/(:\/\/[^:@/]*):(?!\d+(?:[/?#]|$)).*$/s, (whole, before: string) =>
      whole.includes('[secret]') ? whole : `${before}:[secret]`,
    )
    .replace(/([?&][^=&]*(?:pass|pwd|secret|token|key)[^=&]*=)[^&]*/gi, '$1[secret]');
}

function isSecretKey(key: string | number): boolean {
  return /pass|pwd|secret|token|key/i.test(String(key));
}

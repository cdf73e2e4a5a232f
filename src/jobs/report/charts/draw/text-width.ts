import { textSize } from './size.ts';

/**
 * How wide text will be, without a browser: rather too wide than too narrow, for the widest of the sans serif fonts that
 * systems bring. Labels are placed and cut by it, so that they never overlap whatever font is there.
 */
export function textWidth(text: string, size: number = textSize): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width * size;
}

/** After DejaVu Sans, the widest that is common. */
function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (char === '…' || char === '—') return 1.02;
  if (code >= 0x1100) return code >= 0x2000 && code < 0x2070 ? 0.6 : 1.1;
  if (code >= 0x370) return 0.85;
  if ("ijl.,:;'|!I \u00A0".includes(char)) return 0.36;
  if ('ftr()[]-/"'.includes(char)) return 0.46;
  if ('mwMW%@&+<>=_'.includes(char)) return 1;
  if (char >= 'A' && char <= 'Z') return 0.79;
  return 0.645;
}

/** As {@link textWidth} for what is written in bold. */
export function strongWidth(text: string): number {
  return textWidth(text) * 1.13;
}

/** The text, or its beginning and an ellipsis, so that it is no wider than given. */
export function fitText(text: string, width: number, size: number = textSize): string {
  if (textWidth(text, size) <= width) return text;
  let fitted = '';
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    if (textWidth(`${fitted}${segment}…`, size) > width) break;
    fitted += segment;
  }
  return `${fitted.trimEnd()}…`;
}

/** The text in at most so many lines, broken between words; what does not fit is cut. */
export function wrapText(text: string, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const words = text.split(/\s+/).filter((word) => word !== '');
  for (const [i, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
    } else if (lines.length === most - 1 || line === '') {
      lines.push(fitText([line, ...words.slice(i)].filter((part) => part !== '').join(' '), width));
      return lines;
    } else {
      lines.push(line);
      line = textWidth(word) <= width ? word : fitText(word, width);
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

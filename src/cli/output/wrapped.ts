import { displayWidth, printable } from './table.ts';

/** Breaks a text between words; lines after the first are indented by two more. A word that is too long is cut up. */
export function wrapped(text: string, widthChars: number, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  let isEmpty = true;
  const newLine = () => {
    lines.push(line);
    line = `${indent}  `;
    isEmpty = true;
  };
  for (let word of printable(text.replace(/\s+/g, ' ').trim()).split(' ')) {
    if (!isEmpty && displayWidth(line) + 1 + displayWidth(word) > widthChars) newLine();
    while (displayWidth(line) + displayWidth(word) > widthChars && isEmpty) {
      const room = widthChars - displayWidth(line);
      line += word.slice(0, room);
      word = word.slice(room);
      newLine();
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  lines.push(line);
  return lines;
}

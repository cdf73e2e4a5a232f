/** Lines around a change that are shown with it. */
const contextLines = 3;

interface Line {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

/**
 * What `git apply` and `patch -p1` take; '' where the texts are the same. Its cost is the product of both lengths in
 * lines: for files that people write, not for dumps.
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const lines = align(linesOf(before), linesOf(after));
  const head = `--- a/${path}\n+++ b/${path}\n`;
  return (
    head +
    hunksOf(lines)
      .map((hunk) => hunkText(lines, hunk))
      .join('')
  );
}

/** With their line ends, so that a last line without one is another line. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The longest common lines are kept. */
function align(a: readonly string[], b: readonly string[]): readonly Line[] {
  const width = b.length + 1;
  // At i, j: how many lines the rests of both have in common.
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [old = '', fresh = ''] = [a[i], b[j]];
    if (i < a.length && j < b.length && old === fresh) {
      lines.push({ kind: ' ', text: old });
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: '-', text: old });
      i += 1;
    } else {
      lines.push({ kind: '+', text: fresh });
      j += 1;
    }
  }
  return lines;
}

/** Ranges of lines, changes with what is around them; those that touch are one. */
function hunksOf(lines: readonly Line[]): readonly { readonly from: number; readonly to: number }[] {
  const hunks: { from: number; to: number }[] = [];
  for (const [index, { kind }] of lines.entries()) {
    if (kind === ' ') continue;
    const [from, to] = [Math.max(0, index - contextLines), Math.min(lines.length, index + contextLines + 1)];
    const last = hunks.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  }
  return hunks;
}

function hunkText(lines: readonly Line[], hunk: { readonly from: number; readonly to: number }): string {
  const count = (part: readonly Line[], without: Line['kind']) =>
    part.filter(({ kind }) => kind !== without).length;
  const [above, part] = [lines.slice(0, hunk.from), lines.slice(hunk.from, hunk.to)];
  const range = (without: Line['kind']) => {
    const size = count(part, without);
    // An empty range is named by the line before it.
    return `${count(above, without) + (size === 0 ? 0 : 1)},${size}`;
  };
  const body = part.map(({ kind, text }) =>
    text.endsWith('\n') ? kind + text : `${kind}${text}\n\\ No newline at end of file\n`,
  );
  return `@@ -${range('+')} +${range('-')} @@\n${body.join('')}`;
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/** `PHID-TASK-` and 20 letters that follow from kind and number, so that either can be named before it is written. */
export function phid(kind: string, number: number, length = 20): string {
  let state = (number * 2_654_435_761 + kind.length * 97 + (kind.codePointAt(0) ?? 0) * 31) >>> 0;
  let text = '';
  // The number itself in base 32 keeps them apart; the rest only looks the part.
  for (let rest = number, i = 0; i < 7; i += 1) {
    text += letters[rest % 32];
    rest = Math.floor(rest / 32);
  }
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += letters[state >>> 27];
  }
  return `PHID-${kind}-${text}`;
}

import { InvalidArgumentError } from 'commander';

/**
 * The parts of an option's value between commas. A value without any, as a variable that is not set leaves, is neither "all"
 * nor "none": it is refused.
 */
export function commaList(text: string): readonly string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new InvalidArgumentError('it names nothing.');
  return parts;
}

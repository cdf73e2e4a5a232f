import type { QueryParameter } from '../database-connection.ts';

/**
 * Puts parameters into SQL as literals that need no escaping: decimal numbers and hexadecimal strings.
 * The SQL itself must hold no `?` but the placeholders.
 */
export function bindLiterals(sql: string, parameters: readonly QueryParameter[]): string {
  if (parameters.length === 0 && !sql.includes('?')) return sql;
  const pieces = sql.split('?');
  if (pieces.length !== parameters.length + 1)
    throw new RangeError(`${pieces.length - 1} placeholders, but ${parameters.length} parameters`);
  let bound = pieces[0] ?? '';
  parameters.forEach((parameter, index) => {
    bound += literal(parameter) + (pieces[index + 1] ?? '');
  });
  return bound;
}

function literal(parameter: QueryParameter): string {
  if (typeof parameter === 'number') {
    if (!Number.isSafeInteger(parameter)) throw new RangeError(`${parameter} is not an exact integer`);
    return String(parameter);
  }
  if (typeof parameter === 'string')
    return parameter === '' ? "''" : `X'${Buffer.from(parameter, 'latin1').toString('hex')}'`;
  if (parameter.length === 0) throw new RangeError('an empty list cannot be a parameter');
  return parameter.map(literal).join(',');
}

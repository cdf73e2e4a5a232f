import type { VariableValue } from '../../../config/environment-content-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { shellWord } from '../target/quote.ts';

const place = /\{\{ *([A-Za-z_][A-Za-z0-9_]*) *(?:\| *([a-z]+) *)?\}\}/g;

const literals: Readonly<Record<string, (value: VariableValue) => string>> = {
  json: (value) => JSON.stringify(value),
  php: (value) =>
    typeof value === 'string'
      ? `'${value.replace(/[\\']/g, (character) => `\\${character}`)}'`
      : String(value),
  sh: (value) => shellWord(String(value)),
};

/**
 * A template with its variables in place. Nothing but `{{name}}` and `{{name|json}}`, `|php`, `|sh` means anything.
 * @param file the template's, for messages
 * @throws RotaError SOURCE_UNFIT for a variable or a form that is not known
 */
export function renderTemplate(
  text: string,
  variables: Readonly<Record<string, VariableValue>>,
  file: string,
): string {
  return text.replace(place, (whole, name: string, form: string | undefined) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) {
      throw new RotaError(
        'SOURCE_UNFIT',
        `${file} names ${whole}, but there is no variable ${name}: add it under vars (known are ${Object.keys(variables).join(', ')})`,
      );
    }
    if (form === undefined) return String(value);
    const literal = Object.hasOwn(literals, form) ? literals[form] : undefined;
    if (literal !== undefined) return literal(value);
    throw new RotaError(
      'SOURCE_UNFIT',
      `${file} names ${whole}; a variable can be written as ${Object.keys(literals).join(', ')}, not ${form}`,
    );
  });
}

/**
 * Patterns of paths in a tree: `*` is anything within a name, `**` any folders, `?` one character; one that begins with
 * `/` holds from the root of the tree, others at any depth. A pattern that meets a folder meets all that is in it.
 */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map(expressionOf);
  return (path) => expressions.some((expression) => expression.test(path));
}

function expressionOf(pattern: string): RegExp {
  const anchored = pattern.startsWith('/');
  const body = Buffer.from(pattern.replace(/^\/|\/$/g, ''))
    .toString('latin1')
    .replace(/\*\*\/|\*\*|\*|\?|[^*?]+/g, (part) => {
      if (part === '**/') return '(?:[^/]+/)*';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      return part.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
    });
  return new RegExp(`^${anchored ? '' : '(?:[^/]+/)*'}${body}(?:/|$)`, 's');
}

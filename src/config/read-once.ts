/**
 * How zod reads what a command reads once: by the schema as it is. By itself it compiles a function of every map first, which takes
 * longer than reading a thousand wikis.
 */
export const readOnce = { jitless: true } as const;

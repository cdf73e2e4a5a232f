/** The MediaWiki releases whose tables can be made: each stands for the schemas until the next. */
export const schemaVersions = ['1.35', '1.39', '1.43'] as const;
export type SchemaVersion = (typeof schemaVersions)[number];

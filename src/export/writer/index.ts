/** The XML export writer: records and texts in, MediaWiki's bytes out. */
export { OutputBuffer, type OutputBufferOptions } from '../kernel/output-buffer.ts';
export type { RevisionFinding } from './findings.ts';
export { type LogFinding, LogRenderer } from './log-renderer.ts';
export type { UploadOptions, WriterOptions } from './options.ts';
export { PageRenderer } from './page-renderer.ts';
export { renderFooter, renderHeader } from './site-head.ts';
export type { UploadFinding } from './upload-renderer.ts';

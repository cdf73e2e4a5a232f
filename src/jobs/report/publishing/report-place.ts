import { join } from 'node:path';
import type { Trees } from '../../../publish/workspace/tree.ts';

/** Where reports are in the public tree: `reports/<scope>/<as-of day>/`, with `latest` beside them. */
export function reportsFolder(trees: Trees): string {
  return join(trees.public.root, 'reports');
}

export function scopeFolder(trees: Trees, scope: string): string {
  return join(reportsFolder(trees), scope);
}

/** Beside the dated reports: the folders that they are links to. */
export const versionsFolder = 'versions';

/** The address of one report: its as-of day. */
export const datedReport = /^\d{4}-\d{2}-\d{2}$/;

export function reportPointer(scope: string): string {
  return `report/${scope}`;
}

export interface PublishedReport {
  readonly asOf: string;
  readonly run: string;
}

export function readPublished(value: unknown): PublishedReport | null {
  if (typeof value !== 'object' || value === null || !('asOf' in value) || typeof value.asOf !== 'string')
    return null;
  return value as PublishedReport;
}

import type { DumpView } from '../status/dump-view.ts';
import { type Html, html } from './html.ts';

/** The words and classes by which the field's programs know the state of a dump. */
export interface StateLabel {
  readonly className: string;
  readonly text: string;
}

/** The class is one that the field's programs know. */
export const withdrawnLabel: StateLabel = { className: 'failed', text: 'Dump withdrawn' };

export function stateLabel(view: Pick<DumpView, 'state' | 'jobs'>): StateLabel {
  switch (view.state) {
    case 'in-progress':
      return { className: 'in-progress', text: 'Dump in progress' };
    case 'partial':
      return { className: 'partial-dump', text: 'Partial dump' };
    case 'aborted':
      return { className: 'failed', text: 'dump aborted' };
    case 'withdrawn':
      return withdrawnLabel;
    case 'done': {
      const failed = view.jobs.filter((job) => job.status === 'failed').length;
      if (failed === 0) return { className: 'done', text: 'Dump complete' };
      return {
        className: 'done failed',
        text: `Dump complete, ${failed} ${failed === 1 ? 'item' : 'items'} failed`,
      };
    }
  }
}

export function stateSpan(label: StateLabel): Html {
  return html`<span class='${label.className}'>${label.text}</span>`;
}

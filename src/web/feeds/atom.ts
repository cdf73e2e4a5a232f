import type { RunView } from '../../control/store/run-view.ts';
import { escapeMarkup } from '../../publish/pages/html.ts';

/** Runs that ended, newest first (RFC 4287). `base` is the address of this server. */
export function atomFeed(farm: string, base: string, runs: readonly RunView[], now: Date): string {
  const ended = runs.filter((run) => run.endedAt !== undefined);
  const updated = ended[0]?.endedAt ?? now;
  const entries = ended.map((run) => {
    const address = escapeMarkup(`${base}/runs/${run.id}`);
    const at = (run.endedAt ?? now).toISOString();
    const text =
      run.error === undefined ? (run.reason ?? run.state) : `${run.error.code}: ${run.error.message}`;
    return `<entry><id>${address}#${run.epoch}-${run.state}</id><title>${escapeMarkup(`${run.id}: ${run.state}`)}</title><updated>${at}</updated><link href="${address}"/><summary>${escapeMarkup(xmlText(text))}</summary></entry>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>${escapeMarkup(`${base}/feed.atom`)}</id><title>${escapeMarkup(xmlText(farm))}</title><updated>${updated.toISOString()}</updated><author><name>Rota</name></author><link rel="self" href="${escapeMarkup(`${base}/feed.atom`)}"/>
${entries.join('\n')}
</feed>
`;
}

/** XML has no way to write most control characters. */
function xmlText(text: string): string {
  return text.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
}

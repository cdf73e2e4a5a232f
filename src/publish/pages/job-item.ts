import { checksumAlgorithms } from '../files/file-digest.ts';
import { fileChecksumName } from '../status/checksum-files.ts';
import type { FileView, JobView } from '../status/dump-view.ts';
import { fieldTime } from '../status/times.ts';
import { type Html, html } from './html.ts';
import { groupedNumber, readableSize } from './sizes.ts';

/** One job as the field's pages list it; programs look for these classes in this order. */
export function jobItem(job: JobView): Html {
  const files = job.files.length === 0 ? null : html`<ul>${job.files.map(fileItem)}</ul>`;
  return html`<li class='${job.status}'>${jobLine(job)}${files}${progressLine(job)}</li>
`;
}

/** The job without its files, as the list of all wikis shows what runs. */
export function runningItem(job: JobView): Html {
  return html`<li class='${job.status}'>${jobLine(job)}${progressLine(job)}</li>`;
}

function jobLine(job: JobView): Html {
  return html`<span class='updates'>${fieldTime(job.updatedAt)}</span> <span class='status'>${job.status}</span> <span class='title'>${job.description}</span>`;
}

function progressLine(job: JobView): Html | null {
  return job.progress === undefined ? null : html`<div class='progress'>${job.progress}</div>`;
}

function fileItem(file: FileView): Html {
  switch (file.state) {
    case 'missing':
      return html`<li class='missing'>${file.name}</li>`;
    case 'writing': {
      const size = file.sizeBytes === null ? '' : readableSize(file.sizeBytes);
      return html`<li class='writing'><span class='name'>${file.name}</span> ${size} (written) </li>`;
    }
    case 'present':
      return html`<li class='file'><a href="${encodeURIComponent(file.name)}">${file.name}</a> ${sizeText(file.sizeBytes)}${sumLinks(file)}</li>`;
  }
}

function sizeText(bytes: number | null): Html | null {
  if (bytes === null) return null;
  if (bytes < 1000) return html`${readableSize(bytes)}`;
  return html`${readableSize(bytes)} <span class='exact'>${groupedNumber(bytes)} bytes</span>`;
}

function sumLinks(file: FileView): Html | null {
  const known = checksumAlgorithms.filter((algorithm) => file[algorithm] !== undefined);
  if (known.length === 0) return null;
  const links = known.map((algorithm) => {
    const href = encodeURIComponent(fileChecksumName(algorithm, file.name));
    return html`<a href="${href}" aria-label="${algorithm} of ${file.name}">${algorithm}</a>`;
  });
  return html` <span class='sums'>${links}</span>`;
}

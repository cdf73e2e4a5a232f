import { RotaError } from '../../../core/errors/rota-error.ts';
import type { Connection } from './connection.ts';

/**
 * A file whose state has moved elsewhere is opened by nobody who does not say so (`rota store new-generation`), and who
 * had it open before gets no lease in it, creates nothing more and decides nothing.
 */
export function refuseMoved(db: Connection): void {
  const moved = db.one<{ value: string }>("SELECT value FROM meta WHERE key = 'moved_to'");
  if (moved === undefined) return;
  throw new RotaError(
    'STORE_MOVED',
    `The run store ${db.file} has moved to ${moved.value}: name that in rota.yaml; to go on with this file all the same run \`rota store new-generation\``,
    { facts: { file: db.file, to: moved.value } },
  );
}

import { RotaError } from '../../../core/errors/rota-error.ts';
import type { Observation } from '../target/programs/observe.ts';

/**
 * Refuses what cannot be deployed to, seen before anything is sent; the guard of every later program sees it again.
 * @param store what our run store calls itself; null: it never deployed
 * @throws RotaError TARGET_UNFIT, TARGET_IS_FOLDER, FOREIGN_STORE
 */
export function refuseHost(
  host: string,
  {
    path,
    store,
    owner,
  }: { readonly path: string; readonly store: string | null; readonly owner: string | null },
  seen: Observation,
): void {
  const facts = { host };
  if (seen.missing.length > 0) {
    throw new RotaError('TARGET_UNFIT', `${host} lacks ${seen.missing.join(', ')}`, { facts });
  }
  if (owner !== null && seen.user !== owner) {
    throw new RotaError(
      'TARGET_UNFIT',
      `On ${host} everything would be done as ${seen.user}, but owner of the environment is ${owner}: see ssh.become`,
      { facts },
    );
  }
  if (seen.link === 'folder' || seen.link === 'other') {
    throw new RotaError(
      'TARGET_IS_FOLDER',
      `${path} on ${host} is ${seen.link === 'folder' ? 'a folder' : 'something'} that Rota did not make: move it away, or choose another path`,
      { facts },
    );
  }
  if (seen.fence === null || seen.fence.store === store) return;
  throw new RotaError(
    'FOREIGN_STORE',
    `${host} is deployed by another run store (${seen.fence.store}): take it over with rota deploy adopt, if that store is gone for good`,
    { facts: { host, store: seen.fence.store } },
  );
}

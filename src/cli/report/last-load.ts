import { join } from 'node:path';
import { openStore, openTrees } from '../../composition.ts';
import {
  dataFolder,
  dataPointer,
  type LoadedData,
  requireLoaded,
} from '../../jobs/report/loading/loaded-data.ts';
import { trackerOf } from '../../jobs/report/services.ts';
import type { Cli } from '../cli.ts';

/** The data that the farm's reports are made from now. @throws RotaError REPORT_DATA_MISSING */
export async function lastLoad(cli: Cli): Promise<LoadedData & { readonly path: string }> {
  const farm = await cli.farm();
  const { name } = trackerOf(farm);
  await using store = await openStore(farm, cli.clock);
  const loaded = requireLoaded(await store.readPointer({ key: dataPointer(name) }));
  return { ...loaded, path: join(dataFolder(openTrees(farm), name), loaded.file) };
}

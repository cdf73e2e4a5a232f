import type { WikiConfig } from '../../../config/farm-config.ts';
import { dumpSets as _unused, type DumpOutput } from '../../../publish/dump-catalogue/dump-output.ts';

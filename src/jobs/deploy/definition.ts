import { subjectName } from '../../core/ids.ts';
import type { JobDefinition } from '../definition/job-definition.ts';
import { deployName } from './name.ts';
import type { DeployParameters } from './parameters.ts';
import type { DeployServices } from './services.ts';

/** Brings the code of an environment to its hosts. Only who asks for it, or is told to go on with it, works on it. */
export const deploy: JobDefinition<DeployServices> = {
  name: deployName,
  subjectKind: 'environment',
  claimedBy: 'creator',
  subjects: (farm) => [...farm.environments.keys()].map(subjectName),
  settings: (farm) =>
    farm.environments.size === 0
      ? null
      : {
          schedule: { kind: 'manual', zone: 'UTC' },
          catchUp: { policy: 'none', withinMs: 0 },
          slots: 1,
          // A failed deployment waits for a person, who resumes it or takes it back.
          tries: 1,
        },
  plan: () => ({ parameters: { kind: 'push' } satisfies DeployParameters, slots: [] }),
  audience: () => 'private',
  startCommand: (subject) => `rota push ${subject}`,
  load: async () => (await import('./index.ts')).deployWork,
};

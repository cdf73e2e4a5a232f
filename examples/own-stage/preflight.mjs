import { existsSync } from 'node:fs';

/** Everything that the plain stage looks at, and before it whether deployments are frozen. */
export default (rota) =>
  class extends rota.stages.Preflight {
    async deploy(context) {
      const freeze = new URL('FREEZE', import.meta.url);
      if (existsSync(freeze)) {
        throw new rota.RotaError('CHECK_FAILED', 'deployments are frozen: the file FREEZE says so');
      }
      return await super.deploy(context);
    }
  };

import { execa } from 'execa';
import { done, doneWithErrors, Stage, type StageContext, type StageOutcome } from '../../../control/stage.ts';
import type { ReportServices } from '../services.ts';

/**
 * Brings the checkout with the scope files up to date. Where that fails, yesterday's scopes are better than no reports:
 * the run goes on and says so.
 */
export class ScopesStage extends Stage<ReportServices> {
  readonly name = 'scopes';
  override readonly needs = [];
  readonly deadlineMs = 10 * 60_000;

  async run({ services, signal }: StageContext<ReportServices>): Promise<StageOutcome> {
    const { scopeFiles } = services.farm;
    if (scopeFiles === null) return done();
    const { folder } = scopeFiles;
    const result = await execa('git', ['-C', folder, 'pull', '--ff-only', '--quiet'], {
      cancelSignal: signal,
      reject: false,
      stdin: 'ignore',
      // Nobody is there who could answer a question.
      env: { GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' },
    });
    signal.throwIfAborted();
    if (!result.failed) return done();
    const why = (result.stderr || result.shortMessage || '').split('\n')[0] ?? '';
    return doneWithErrors(`SCOPES_NOT_PULLED: the scope files in ${folder} are as old as they were: ${why}`);
  }
}

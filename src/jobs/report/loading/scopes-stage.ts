import { done, doneWithErrors, Stage, type StageContext, type StageOutcome } from '../../../control/stage.ts';
import type { ReportServices } from '../services.ts';
import { faultsOfScopes } from './incoming-scopes.ts';

/**
 * Brings the checkout with the scope files up to date, unless what has come in is faulty. Where that fails, yesterday's
 * scopes are better than no reports: the run goes on and says so.
 */
export class ScopesStage extends Stage<ReportServices> {
  readonly name = 'scopes';
  override readonly needs = [];
  readonly deadlineMs = 10 * 60_000;

  async run({ services, signal }: StageContext<ReportServices>): Promise<StageOutcome> {
    const { farm } = services;
    if (farm.scopeFiles === null) return done();
    const { folder } = farm.scopeFiles;
    const git = async (...args: readonly string[]): Promise<string> => {
      const { execa } = await import('execa');
      const result = await execa('git', ['-C', folder, ...args], {
        cancelSignal: signal,
        reject: false,
        stdin: 'ignore',
        stripFinalNewline: false,
        // Nobody is there who could answer a question.
        env: { GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: 'ssh -o BatchMode=yes', LC_ALL: 'C' },
      });
      signal.throwIfAborted();
      if (result.failed) throw new GitFailure(sentence(result.stderr || result.shortMessage || 'git failed'));
      return result.stdout;
    };
    try {
      await git('fetch', '--quiet');
      const commit = (await git('rev-parse', '--verify', '@{upstream}^{commit}')).trim();
      const names = (await git('ls-tree', '-z', '--name-only', commit))
        .split('\0')
        .filter((name) => name !== '');
      const read = (name: string) => git('show', `${commit}:./${name}`);
      const faults = await faultsOfScopes({ names, read }, folder, farm);
      if (faults.length > 0)
        return stale(folder, `SCOPE_INVALID: the newest ones are faulty: ${faults.join('; ')}`);
      await git('merge', '--ff-only', '--quiet', commit);
      return done({ commit });
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      return stale(folder, `SCOPES_NOT_PULLED: ${error.message}`);
    }
  }
}

function stale(folder: string, why: string): StageOutcome {
  return doneWithErrors(`the scope files in ${folder} stay as they were: ${why}`);
}

class GitFailure extends Error {
  override readonly name = 'GitFailure';
}

/** Git speaks in several lines, the hint for people last. */
function sentence(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('hint:'));
  return lines.slice(0, 6).join(' ');
}

import { runRota } from '../../test/support/rota.ts';

interface Stage {
  readonly name: string;
  readonly startedAt?: string | null;
  readonly endedAt?: string | null;
  readonly summary?: { readonly carried?: { readonly readTextBytes: number } };
}

/** How many bytes of texts a dump asked the database for, and how long its stages took. */
export async function contentSummary(
  cwd: string,
  wiki: string,
  date: string,
): Promise<{ readonly readTextBytes: number; readonly stages: string }> {
  const shown = await runRota(['run', 'show', `full-dump/${wiki}/${date}`, '--json'], { cwd });
  if (shown.status !== 0) throw new Error(`rota run show ended with ${shown.status}: ${shown.stderr}`);
  const { stages } = JSON.parse(shown.stdout.toString()) as { readonly stages: readonly Stage[] };
  const readTextBytes = stages.find(({ name }) => name === 'content')?.summary?.carried?.readTextBytes ?? 0;
  const times = stages.flatMap(({ name, startedAt, endedAt }) => {
    if (!startedAt || !endedAt) return [];
    const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
    return seconds < 0.2 ? [] : [`${name} ${seconds.toFixed(1)}`];
  });
  return { readTextBytes, stages: times.join(', ') };
}

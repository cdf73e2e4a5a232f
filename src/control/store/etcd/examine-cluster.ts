import type { Clock } from '../../../core/clock.ts';
import { methods } from './client/methods.ts';
import { Transport, type TransportOptions } from './client/transport.ts';

/** What one endpoint says of itself, or why it does not. */
export interface MemberReport {
  readonly endpoint: string;
  readonly answer:
    | {
        readonly version: string;
        readonly clusterId: string;
        readonly memberId: string;
        /** Of the member that leads, as this one sees it; undefined: it knows none. */
        readonly leaderId: string | undefined;
        readonly sizeBytes: number;
        readonly usedBytes: number;
        /** Such as `NOSPACE`. */
        readonly alarms: readonly string[];
        readonly tookMs: number;
      }
    | { readonly error: Error };
}

/** Asks every endpoint by itself, for `rota doctor`. */
export async function examineCluster(
  options: Omit<TransportOptions, 'clock'> & { readonly clock: Clock },
): Promise<readonly MemberReport[]> {
  await using transport = new Transport(options);
  return await Promise.all(
    transport.endpoints.map(async (endpoint): Promise<MemberReport> => {
      const startMs = options.clock.monotonicMs();
      try {
        const status = await transport.callAt(endpoint, methods.status, undefined);
        return {
          endpoint,
          answer: {
            version: status.version,
            clusterId: status.header.cluster_id,
            memberId: status.header.member_id,
            leaderId: status.leader === '0' ? undefined : status.leader,
            sizeBytes: status.dbSize,
            usedBytes: status.dbSizeInUse,
            alarms: status.errors.flatMap((text) => /alarm:(\w+)/.exec(text)?.[1] ?? []),
            tookMs: options.clock.monotonicMs() - startMs,
          },
        };
      } catch (error) {
        return { endpoint, answer: { error: error instanceof Error ? error : new Error(String(error)) } };
      }
    }),
  );
}

import type { Database } from '#event-log';

/** The end of the log, which is read backwards by its own index; what succeeded in the window, and when what led to it was recorded. */
const QUERY = `
  with newest as (select type, causation_id, recorded_at from events order by tx desc, position desc limit $2)
  select percentile_cont(0.5) within group (order by took) as p50, percentile_cont(0.99) within group (order by took) as p99
  from (
    select extract(epoch from done.recorded_at - came.recorded_at) * 1000 as took
    from newest done
    join commands command on command.id = done.causation_id
    join event_ids known on known.id = command.event_id
    join events came on came.segment = known.segment and came.tx = known.tx and came.position = known.position
    where done.type = 'command.succeeded' and done.recorded_at > clock_timestamp() - $1::float8 * interval '1 s'
  ) as flows`;

/** From a webhook being on disk to its effect being on record, in ms, over the effects of the last `windowS` seconds; looks at no more than `most` events. Undefined when there were none. */
export const effectLatency = async ({ pool }: Database, windowS: number, most: number): Promise<{ p50: number; p99: number } | undefined> => {
  const { rows } = await pool.query<{ p50: number | null; p99: number | null }>(QUERY, [windowS, most]);
  const [{ p50, p99 } = { p50: null, p99: null }] = rows;
  return p50 === null || p99 === null ? undefined : { p50, p99 };
};

-- Windows of metrics, and the days they have been open for.

create function environment_zone(document jsonb) returns text
    language sql immutable parallel safe as $$
    select coalesce(document ->> 'time_zone', 'UTC')
$$;

-- The last cohort day that a metric reads now: with a window, the last that ended at least a window ago; without one
-- there is no last.
create function metric_last_day(definition jsonb, time_zone text) returns date
    language sql stable as $$
    select case when definition ->> 'window_hours' is null then 'infinity'::date
                else ((now() - make_interval(secs => (definition ->> 'window_hours')::float8 * 3600))
                      at time zone time_zone)::date - 1 end
$$;

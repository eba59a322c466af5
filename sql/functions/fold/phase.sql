-- What the fold asks of phases.

-- The day from which on events must be read so that none at or after 'moment' is missed.
create function fold_day(moment timestamptz) returns date
    language sql immutable as $$ select (moment at time zone 'UTC' - interval '2 days')::date $$;

-- How long before an exposure what a unit did is its past: fixed with the phase.
create function phase_pre_period(document jsonb) returns interval
    language sql immutable parallel safe as $$
    select make_interval(days => coalesce((document #>> '{statistics,preperiod_days}')::int, 14))
$$;

-- What the units of a phase are counted by.
create function phase_dimensions(document jsonb) returns jsonb
    language sql immutable parallel safe as $$
    select coalesce(document -> 'dimensions', dimension_builtins())
$$;

-- How many events a unit of an environment may have that a campaign's metrics count, on a UTC day and in all, before it
-- is taken for a machine; and how many exposures are kept that came before their phase.
create function fold_limits(document jsonb, out day_events int, out all_events int, out early_rows int)
    language sql immutable parallel safe as $$
    select coalesce((document ->> 'unit_events_per_day')::int, 2000),
           coalesce((document ->> 'unit_events')::int, 20000),
           coalesce((document ->> 'early_exposures')::int, 100000)
$$;

-- The longest time before an exposure in which an event can matter to some campaigns.
create function campaign_look_back(campaigns int[]) returns interval language sql stable as $$
    select greatest(interval '35 days', max(phase_pre_period(document)))
    from phase where campaign_id = any (campaigns)
$$;

-- The campaigns for which an event at 'since' or later can matter.
create function fold_campaigns(since timestamptz) returns int[] language sql stable as $$
    select array(select distinct campaign_id from phase
                 where coalesce(ended_at, 'infinity') > since and not campaign_is_closed(campaign_id))
$$;

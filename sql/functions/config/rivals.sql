-- What a campaign can collide with.

-- The other campaigns of the environment that serve, or will again, with what they serve: [{key, name, status,
-- priority, layer, schedule, audience, triggers, variants: [{flags, changes}]}], in the order in which edges let them
-- set flags. 'the_campaign' may be null.
create function campaign_rivals(of_environment int, the_campaign int) returns jsonb
    language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object(
               'key', c.key, 'name', coalesce(c.document ->> 'name', ''), 'status', c.status,
               'priority', snapshot_priority(c), 'layer', c.document -> 'layer', 'schedule', c.document -> 'schedule',
               'audience', p.document -> 'audience', 'triggers', p.document -> 'triggers',
               'variants', (select jsonb_agg(jsonb_build_object('flags', v -> 'flags', 'changes', v -> 'changes'))
                            from jsonb_array_elements(p.document -> 'variants') v))
               order by snapshot_priority(c) desc, c.key collate "C"), '[]')
    from campaign c
    join phase p on p.campaign_id = c.id and p.number = c.phase
    where c.environment_id = of_environment and c.id is distinct from the_campaign
          and c.status in ('running', 'paused')
          and coalesce((c.document -> 'schedule' ->> 'end')::timestamptz > now(), true)
$$;

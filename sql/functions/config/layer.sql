-- Changes of layers.

create function layer_free(the_layer int) returns bigint
    language sql stable as $$
    select 10000 - coalesce((select sum(to_bucket - from_bucket) from layer_range where layer_id = the_layer), 0)
$$;

create function layer_view(l layer) returns jsonb
    language sql stable as $$
    select l.document || jsonb_build_object('key', l.key, 'free', layer_free(l.id) / 10000.0,
        'campaigns', (select coalesce(jsonb_agg(distinct c.key), '[]')
                      from layer_range r join campaign c on c.id = r.campaign_id where r.layer_id = l.id),
        'version', l.version, 'created_at', rfc3339(l.created_at), 'updated_at', rfc3339(l.updated_at))
$$;

create function layers_in_use(of_environment int) returns jsonb
    language sql stable as $$
    select (select jsonb_object_agg(c.document -> 'layer' ->> 'key', c.key) from campaign c
            where c.environment_id = of_environment and c.status in ('draft', 'running', 'paused')
              and c.document -> 'layer' ->> 'key' is not null)
$$;

-- Gives a campaign 'wanted' more buckets of a layer: the lowest free ones, in as many ranges as it takes.
create function layer_take(the_layer int, the_campaign int, wanted int) returns void
    language plpgsql as $$
declare
    taken record;
    free_from int := 0;
    width int;
begin
    for taken in
        select from_bucket, to_bucket from layer_range where layer_id = the_layer
        union all select 10000, 10000
        order by from_bucket
    loop
        width := least(wanted, taken.from_bucket - free_from);
        if width > 0 then
            insert into layer_range (layer_id, campaign_id, from_bucket, to_bucket)
            values (the_layer, the_campaign, free_from, free_from + width);
            wanted := wanted - width;
        end if;
        free_from := taken.to_bucket;
    end loop;
    if wanted > 0 then
        raise exception 'the layer has no room' using errcode = 'exclusion_violation';
    end if;
end
$$;

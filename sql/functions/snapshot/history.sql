-- Snapshots that were: kept as what each differed in from the one after it, campaign by campaign.

-- What has to be put into 'fresh' to have 'old' again: {"members": {name: value}, "campaigns": {key: document}},
-- null for what was not there.
create function snapshot_difference(fresh jsonb, old jsonb) returns jsonb language sql immutable as $$
    select jsonb_build_object(
        'members', coalesce((
            select jsonb_object_agg(name, o.value)
            from jsonb_each(old - 'campaigns') o (name, value)
                 full join jsonb_each(fresh - 'campaigns') f (name, value) using (name)
            where o.value is distinct from f.value), '{}'),
        'campaigns', coalesce((
            select jsonb_object_agg(key, o.campaign)
            from (select c ->> 'key' as key, c as campaign from jsonb_array_elements(old -> 'campaigns') c) o
                 full join (select c ->> 'key' as key, c as campaign
                            from jsonb_array_elements(fresh -> 'campaigns') c) f using (key)
            where o.campaign is distinct from f.campaign), '{}'))
$$;

-- The document that was before 'fresh'.
create function snapshot_undo(fresh jsonb, difference jsonb) returns jsonb language sql immutable as $$
    select (select coalesce(jsonb_object_agg(name, value), '{}')
            from jsonb_each((fresh - 'campaigns') || (difference -> 'members')) m (name, value)
            where value <> 'null')
        || jsonb_build_object('campaigns', (
            select coalesce(jsonb_agg(campaign order by (campaign ->> 'priority')::numeric desc,
                                                        campaign ->> 'key' collate "C"), '[]')
            from (select c as campaign from jsonb_array_elements(fresh -> 'campaigns') c
                  where not difference -> 'campaigns' ? (c ->> 'key')
                  union all
                  select value from jsonb_each(difference -> 'campaigns') where value <> 'null') kept))
$$;

-- The document that an environment had as this version; null: it never had it, or it is too long ago.
create function snapshot_at(environment int, wanted bigint) returns jsonb language plpgsql stable as $$
declare
    found_version bigint;
    found_document jsonb;
    earlier record;
begin
    select s.version, s.document into found_version, found_document
        from snapshot s where s.environment_id = environment;
    for earlier in
        select h.version, h.difference from snapshot_history h
        where h.environment_id = environment and h.version >= wanted order by h.version desc
    loop
        found_document := snapshot_undo(found_document, earlier.difference);
        found_version := earlier.version;
    end loop;
    return case when found_version = wanted then found_document end;
end
$$;

-- Every statement that changes what snapshots show marks the environments whose it was; before the transaction
-- commits, each of them is compiled once. Drafts are in no snapshot: their changes mark nothing.

do $$
declare
    of_campaign constant text := 'select c.environment_id from changed join campaign c on c.id = changed.campaign_id';
    marking record;
begin
    for marking in
        select * from (values
            ('environment', 'select id as environment_id from changed'),
            ('access_key', 'select environment_id from changed'),
            ('currency_rate', 'select distinct environment_id from changed'),
            ('flag', 'select environment_id from changed'),
            ('layer', 'select environment_id from changed'),
            ('campaign', 'select environment_id from changed where phase > 0'),
            ('layer_range', of_campaign),
            ('phase', of_campaign)) m (name, environments)
    loop
        execute format('create trigger snapshot_mark_insert after insert on %I referencing new table as changed '
                       'for each statement execute function snapshot_mark(%L)', marking.name, marking.environments);
        execute format('create trigger snapshot_mark_update after update on %I referencing new table as changed '
                       'for each statement execute function snapshot_mark(%L)', marking.name, marking.environments);
        execute format('create trigger snapshot_mark_delete after delete on %I referencing old table as changed '
                       'for each statement execute function snapshot_mark(%L)', marking.name, marking.environments);
    end loop;
end
$$;

create constraint trigger snapshot_publish after insert on snapshot_due
    deferrable initially deferred for each row execute function snapshot_publish();

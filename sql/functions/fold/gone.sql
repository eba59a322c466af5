-- Keeps in mind, for every slice, that a campaign is measured by a metric no more.
create function gone_metric_keep() returns trigger language plpgsql as $$
begin
    insert into gone_metric (slice, campaign_id, metric_id)
    select s.number, g.campaign_id, g.metric_id from gone g cross join slice s
    order by 1, 2, 3
    on conflict do nothing;
    return null;
end
$$;

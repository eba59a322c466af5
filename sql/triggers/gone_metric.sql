-- Whoever takes a metric from a campaign: what was computed for it goes.
create trigger gone_metric_keep after delete on campaign_metric
    referencing old table as gone for each statement execute function gone_metric_keep();

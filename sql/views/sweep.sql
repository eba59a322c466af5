-- The slices in which results have something to go over: see fold_sweep and fold_read_early.
create view sweep_due as
select s.number as slice
from slice s
where exists (select from gone_metric g where g.slice = s.number)
      or exists (select from import_removal r where r.slice = s.number)
      or exists (select from rate_due r where r.slice = s.number)
      or exists (select from exclusion_due d where d.slice = s.number)
      or exists (select from phase p
                 where p.ended_at is not null and not p.is_settled
                       and not exists (select from sweep w
                                       where w.slice = s.number and w.campaign_id = p.campaign_id
                                             and w.phase = p.number and w.metric_id = 0 and w.is_done))
      or exists (select from campaign_metric m
                 where not m.is_computed and not campaign_is_closed(m.campaign_id)
                       and not exists (select from sweep w
                                       where w.slice = s.number and w.campaign_id = m.campaign_id and w.phase = 0
                                             and w.metric_id = m.metric_id and w.is_done))
      or exists (select from early_exposure e
                 join campaign c on c.environment_id = e.environment_id and c.key = e.campaign
                 join phase p on p.campaign_id = c.id and p.number = e.phase
                 where e.slice = s.number);

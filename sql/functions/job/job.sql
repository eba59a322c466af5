-- Jobs, each done by a process of its own.

-- As the API shows it; lists go without results.
create function job_view(j job, has_result boolean) returns text
    language sql stable as $$
    select json_build_object('id', j.id, 'kind', j.kind, 'state', j.state, 'progress', j.progress,
                             'input', j.input, 'actor', j.actor, 'created_at', rfc3339(j.created_at),
                             'started_at', rfc3339(j.started_at), 'ended_at', rfc3339(j.ended_at),
                             'problem', j.problem, 'result', case when has_result then j.result end)::text
$$;

-- Whether there is a job that nobody works on: a queued one, or one whose process died.
create function job_waiting() returns boolean
    language sql stable as $$
    select exists (
        select from job j
        where j.state = 'queued'
           or j.state = 'running' and not exists (
               select from pg_locks l
               where l.locktype = 'advisory' and l.objsubid = 2 and l.classid = hashtext('job')::oid
                     and l.objid = j.id::oid
                     and l.database = (select oid from pg_database where datname = current_database())))
$$;

-- Takes the first job that nobody works on for this session, or returns null. A job that ended its process again
-- and again is not tried for ever.
create function job_claim() returns job
    language plpgsql as $$
declare
    candidate int;
    claimed   job;
begin
    for candidate in select id from job where state in ('queued', 'running') order by id loop
        continue when not pg_try_advisory_lock(hashtext('job'), candidate);
        update job set attempts = attempts + 1, progress = 0, started_at = now(),
                       state = case when attempts < 5 then 'running' else 'failed' end,
                       problem = case when attempts >= 5 then 'It was interrupted five times.' end,
                       ended_at = case when attempts >= 5 then now() end
        where id = candidate and state in ('queued', 'running')
        returning * into claimed;
        if claimed.state = 'running' then
            return claimed;
        end if;
        perform pg_advisory_unlock(hashtext('job'), candidate);
    end loop;
    return null;
end
$$;

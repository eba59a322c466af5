-- The audit log's end. The runtime role adds lines and can take none away, but by this.

-- Forgets refusals and readings of more than keep_days ago (7 at the least), 5,000 at once; changes stay. Returns how
-- many. With its owner's rights. Leans on audit_log_note and audit_log_pkey.
create function audit_forget(keep_days int) returns bigint
    language plpgsql security definer set lock_timeout = '500ms' as $$
declare
    gone bigint;
begin
    delete from audit_log
    where id in (select id from audit_log
                 where is_note and at < now() - make_interval(days => greatest(keep_days, 7))
                 order by at limit 5000);
    get diagnostics gone = row_count;
    return gone;
end
$$;

-- Which slice a visitor belongs to.

-- FNV-1a, 32 bit, over UTF-16 code units: as bucket_fnv1a() in server/model/bucket.c.
create function fnv1a(of_text text) returns bigint
    language plpgsql immutable strict parallel safe as $$
declare
    hash bigint := 2166136261;
    code int;
begin
    for place in 1 .. length(of_text) loop
        code := ascii(substr(of_text, place, 1));
        if code > 65535 then
            hash := ((hash # (55296 + ((code - 65536) >> 10))) * 16777619) & 4294967295;
            code := 56320 + ((code - 65536) & 1023);
        end if;
        hash := ((hash # code) * 16777619) & 4294967295;
    end loop;
    return hash;
end
$$;

create function slice_of(of_text text) returns int language plpgsql stable strict as $$
begin
    return fnv1a(of_text) % (select count from slicing);
end
$$;

-- Deals visitors out to 'wanted' slices, while there is none yet.
create function slicing_set(wanted int) returns void language plpgsql as $$
begin
    if (select count from slicing) = wanted then
        return;
    end if;
    if exists (select from visitor_event) or exists (select from writer) then
        raise exception 'the number of slices is fixed: events were stored already'
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    update slicing set count = wanted;
    delete from slice;
    insert into slice (number) select generate_series(0, wanted - 1);
    analyze slice;
end
$$;

-- Visitors of imports. Their ids say so: 'import/<id>/' and what the file calls them. So the visitors of two files
-- never meet, nor do they meet those of the site, and what an import holds is found by key.

create function import_prefix(the_import int) returns text
    language sql immutable parallel safe as $$
    select 'import/' || the_import || '/'
$$;

-- Whether an id is one of an import.
create function is_imported(visitor_id text) returns boolean
    language sql immutable parallel safe as $$
    select starts_with(visitor_id, 'import/')
$$;

-- Of which import; null: of none.
create function import_of(visitor_id text) returns int
    language sql immutable parallel safe as $$
    select case when visitor_id ~ '^import/[0-9]{1,9}/' then split_part(visitor_id, '/', 2)::int end
$$;

-- Whether a campaign (null: one that no import made) may count a visitor.
create function is_own(the_import int, visitor_id text) returns boolean
    language sql immutable parallel safe as $$
    select the_import is not distinct from import_of(visitor_id)
$$;

-- What the file called a visitor.
create function visitor_own_id(visitor_id text) returns text
    language sql immutable parallel safe as $$
    select case when import_of(visitor_id) is null then visitor_id
                else substr(visitor_id, length(import_prefix(import_of(visitor_id))) + 1) end
$$;

-- Whether an id is one that `mete simulate` makes.
create function is_simulated(visitor_id text) returns boolean
    language sql immutable parallel safe as $$
    select visitor_id ~ '^sim-[a-z0-9_-]+-[0-9]+-[0-9]+-[0-9]+$'
$$;

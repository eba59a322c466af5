-- name: snapshot_versions
-- for: edge
-- Which environments there are, and the version of each one's newest snapshot: (environment, version). Edges ask for
-- it every few seconds, in case a notification was lost. Reads the whole table, a row an environment.
select environment_id, version from snapshot;

-- name: snapshot_read
-- for: edge
-- The newest snapshot of environment $1: (version, document). Primary key.
select version, document from snapshot where environment_id = $1::int;

-- name: snapshot_other
-- for: desk
-- The newest snapshot of environment $1, unless it is version $2. Primary key.
select version, document from snapshot where environment_id = $1::int and version <> $2::bigint;

-- name: preview_find
-- for: desk
-- What preview links of the campaign of key $2 in environment $1 are made of: (campaign_id, generation, secret in hex,
-- status, variants as [{key, name, is_control}]). Leans on the unique keys.
select c.id as campaign_id, c.preview_generation as generation, encode(e.preview_secret, 'hex') as secret, c.status,
       (select coalesce(jsonb_agg(jsonb_build_object(
            'key', v ->> 'key', 'name', coalesce(nullif(v ->> 'name', ''), v ->> 'key'),
            'is_control', v -> 'is_control') order by place), '[]')
        from jsonb_array_elements(c.document -> 'variants') with ordinality as o (v, place)) as variants
from campaign c join environment e on e.id = c.environment_id
where c.environment_id = $1::int and c.key = $2::text;

-- name: preview_read
-- for: edge
-- The draft of campaign $2 in environment $1: (key, generation, secret in hex, document: a snapshot in which it
-- alone runs, its names by its key: {name, variants: {key: name}}). No row: it is not there, or archived. Leans on
-- campaign_pkey.
select c.key, c.preview_generation as generation, encode(e.preview_secret, 'hex') as secret,
       snapshot_draft_document(e, c) as document, jsonb_build_object(c.key, snapshot_names(c)) as names
from campaign c join environment e on e.id = c.environment_id
where c.environment_id = $1::int and c.id = $2::int and c.status <> 'archived' and e.archived_at is null;

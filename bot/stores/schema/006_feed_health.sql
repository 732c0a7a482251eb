-- How feeds have been: rhythm, latency, silence, since when they fail.

alter table feeds add column health text not null default '{}';  -- JSON
create index feeds_waiting on feeds (next_poll_at, id) where next_poll_at is not null;

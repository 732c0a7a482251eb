-- How often a chat wants a source of its own to be visited, in microseconds; null: as it learns.

alter table channel_feeds add column every integer;

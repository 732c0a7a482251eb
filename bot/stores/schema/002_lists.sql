-- What @name stands for in a channel's rules, and more of what is known of a document.

create table lists (
    channel_id text not null,
    name_key text not null,                        -- case-folded
    name text not null,
    text text not null,
    primary key (channel_id, name_key)
) without rowid;

alter table documents add column source text not null default '';
alter table documents add column country text not null default '';
alter table documents add column received_at integer;  -- as the document says it; `seen_at` orders the archive
update documents set received_at = seen_at;

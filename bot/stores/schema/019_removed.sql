-- Since when the bot is gone from a chat, whose data is kept for a while; what a workspace trusted us with, sealed.

alter table destinations add column removed_at integer;
create index destinations_removed on destinations (removed_at) where removed_at is not null;
create table sealed (
    platform text not null,
    workspace text not null,
    value text not null,  -- unreadable without the key, which is not in here
    primary key (platform, workspace)
);

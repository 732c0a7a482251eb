-- Articles that alerted, read again for two days.

create table rereads (
    document_id text primary key,
    url text not null,
    since integer not null,
    next_at integer,                               -- null: no more
    visits integer not null,
    misses integer not null,
    title text not null,
    text text not null,
    edits text not null,                           -- JSON
    leased_until integer not null default 0
) without rowid;
create index rereads_due on rereads (next_at) where next_at is not null;
create index alerts_story on alerts (story_id);

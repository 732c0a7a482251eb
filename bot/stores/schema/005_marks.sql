-- Stories that somebody marked as irrelevant in a chat: what a narrower rule shall no longer raise there.

create table marks (
    destination text not null references destinations (key),
    story_id text not null,
    user text not null references users (key),
    marked_at integer not null,
    primary key (destination, story_id)
) without rowid;

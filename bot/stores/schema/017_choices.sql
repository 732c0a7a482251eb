-- What chats and people chose (one of `destination` and `user` is set), and who changed what in a chat.

create table preferences (
    seq integer primary key,
    destination text unique references destinations (key),
    user text unique references users (key),
    chosen text not null  -- JSON of Preferences
);
create table audit (
    seq integer primary key autoincrement,
    destination text not null references destinations (key),
    number integer not null,
    user text not null references users (key),
    at integer not null,
    entry text not null,  -- JSON of AuditEntry
    undone_by text references users (key),
    unique (destination, number)
);
create index audit_at on audit (at);
create index audit_user on audit (user);

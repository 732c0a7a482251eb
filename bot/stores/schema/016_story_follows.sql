-- People follow a topic (`topic`) or one story (`story`): the other one is empty.

create table follows_new (
    seq integer primary key autoincrement,
    user text not null references users (key),
    destination text not null references destinations (key),
    topic text not null,
    story text not null default '',
    unique (destination, topic, story, user)
);
insert into follows_new (seq, user, destination, topic) select seq, user, destination, topic from follows;
drop table follows;
alter table follows_new rename to follows;
create index follows_story on follows (story) where story <> '';

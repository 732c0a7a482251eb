-- What each feed calls its items: by its own name and by the address, so that a version is known whatever it says.

create table items (
    feed_id text not null,
    name text not null,         -- a digest of the feed's own name of the item, or of its address
    own text not null,          -- the digest of the own name; empty where nothing but the address names it
    document_id text not null,  -- the newest version
    story_id text not null,
    old integer not null,       -- there at the first visit, or published long before it arrived: never news
    primary key (feed_id, name)
) without rowid;

create index items_of_documents on items (feed_id, document_id);

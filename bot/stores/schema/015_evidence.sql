-- What evidence remembers of the reports of the last days, what stories have to do with each other, and where an alert
-- stands that is not one of its own.

create table evidence (
    seq integer primary key references documents (seq) on delete cascade,
    form text not null,         -- how `features` is to be read; one that this version does not read is left aside
    document_id text not null,
    story_id text not null,
    seen_at integer not null,
    features blob not null
);
create index evidence_seen on evidence (seen_at);

create table story_links (
    story_id text primary key,
    kind text not null,
    other_id text not null,
    why text not null,
    at integer not null
) without rowid;
create index story_links_other on story_links (other_id);
create index story_links_at on story_links (at);

alter table alerts add column under text not null default '';
alter table alerts add column related text not null default '';
alter table alerts add column folded text not null default '';
create index alerts_under on alerts (under) where under <> '';
create index alerts_related on alerts (related) where related <> '';
create index alerts_folded on alerts (folded) where folded <> '';

-- A reply in an alert's thread is a message as others are.
drop index deliveries_shown;
create index deliveries_shown on deliveries (destination, seq) where kind <> 'edit';

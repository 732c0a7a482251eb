-- Times are microseconds since 1970 in UTC, durations microseconds. JSON columns hold what bot/stores/_wire.py writes.
-- A destination and a user are named by their key; the rest of them stands once, in `destinations` and `users`.

create table destinations (
    key text primary key,
    platform text not null,
    workspace text not null,
    chat_id text not null,
    thread_id text not null,
    user_id text not null,                         -- the person behind a direct chat
    paused text,                                   -- why nothing is sent there; null when it is
    lane_opens integer not null default 0          -- nothing is claimed for it before then
);

create table users (
    key text primary key,
    platform text not null,
    workspace text not null,
    user_id text not null,
    name text not null
);

-- feeds and the archive

create table feeds (
    id text primary key,
    kind text not null,
    url text not null,
    title text not null,
    interval integer not null,
    cursor text not null,
    next_poll_at integer,                          -- null: never again (the feed is gone)
    polled_at integer,
    failures integer not null,
    last_error text not null,
    note text not null,
    alert_first_poll integer not null,
    leased_until integer not null default 0
);
create index feeds_due on feeds (next_poll_at);

create table channel_feeds (
    seq integer primary key autoincrement,
    channel_id text not null,
    feed_id text not null references feeds (id),
    unique (channel_id, feed_id)
);
create index channel_feeds_feed on channel_feeds (feed_id);

create table documents (
    seq integer primary key autoincrement,
    id text not null unique,
    title text not null,
    body text not null,
    url text not null,
    author text not null,
    lang text not null,
    tags text not null,                            -- JSON
    site text not null,
    published_at integer,
    feed_id text not null,                         -- the feed that gave it first
    story_id text not null,
    seen_at integer not null
);
create index documents_story on documents (story_id);
create index documents_seen on documents (seen_at);

create table feed_documents (                      -- which feed gave what; outlives the archived document
    feed_id text not null,
    document_id text not null,
    primary key (feed_id, document_id)
) without rowid;
create index feed_documents_document on feed_documents (document_id);

-- who gets what

create table channels (
    id text primary key,
    name text not null,
    name_key text unique,                          -- case-folded; null without a name
    owner text not null references users (key),
    home text not null references destinations (key),
    public integer not null
);
create index channels_home on channels (home);

create table subscriptions (
    seq integer primary key autoincrement,
    destination text not null references destinations (key),
    channel_id text not null,
    unique (destination, channel_id)
);
create index subscriptions_channel on subscriptions (channel_id);

create table rules (
    id text primary key,
    number integer not null,
    channel_id text not null,
    owner text not null references users (key),
    topic text not null,
    text text not null,
    lang text not null,
    enabled integer not null,
    created_at integer not null
);
create index rules_channel on rules (channel_id, number);

create table counters (                            -- "rules": their version; "rule <channel>": the last number given
    name text primary key,
    value integer not null
);

create table mutes (
    id text primary key,
    kind text not null,
    what text not null,
    user text references users (key),
    destination text references destinations (key),
    until integer,                                 -- null: for good
    created_at integer not null
);
create index mutes_until on mutes (until);
create index mutes_destination on mutes (destination);

create table follows (
    seq integer primary key autoincrement,
    user text not null references users (key),
    destination text not null references destinations (key),
    topic text not null,
    unique (destination, topic, user)
);

-- going out

create table alerts (
    seq integer primary key autoincrement,
    key text not null unique,
    destination text not null references destinations (key),
    story_id text not null,
    rule_ids text not null,                        -- JSON
    reports text not null,                         -- JSON
    mentions text not null,                        -- JSON
    raised_at integer not null,
    message_id text not null
);
create index alerts_raised on alerts (destination, raised_at);
create index alerts_message on alerts (destination, message_id);

create table deliveries (
    seq integer primary key autoincrement,         -- the order of arrival
    id text not null unique,
    destination text not null references destinations (key),
    message text not null,                         -- JSON
    kind text not null,
    alert_key text not null,
    rank integer generated always as (alert_key <> '') stored,  -- 0: an answer, goes first; 1: an alert
    message_id text not null,
    reply_to text not null,
    reply_handle text not null,
    state text not null,
    attempts integer not null,
    not_before integer,
    leased_until integer not null default 0,       -- while `sending`
    uncertain integer not null default 0,          -- an earlier attempt may have arrived
    created_at integer not null,
    error text not null,
    plain integer not null
);
create index deliveries_waiting on deliveries (destination, rank, seq)
    where state in ('pending', 'sending', 'unknown');
create index deliveries_sending on deliveries (destination, leased_until) where state = 'sending';
create index deliveries_alert on deliveries (alert_key, seq) where alert_key <> '';
create index deliveries_message on deliveries (destination, message_id);
create index deliveries_shown on deliveries (destination, seq) where kind = 'send';
create index deliveries_state on deliveries (state);

create table merged_edits (                        -- ids of edits whose message went into a delivery that waited
    id text primary key,
    delivery_seq integer not null
) without rowid;

create table ledger (
    seq integer primary key autoincrement,
    id text not null,                              -- of the line without its destination
    document_id text not null,
    story_id text not null,
    destination text not null references destinations (key),
    rule_ids text not null,                        -- JSON
    reason text not null,
    at integer not null,
    detail text not null,
    unique (destination, id)
);
create index ledger_destination on ledger (destination, at);
create index ledger_document on ledger (document_id);

-- coming in from chats

create table commands (
    seq integer primary key autoincrement,
    id text not null unique,
    user text not null references users (key),
    destination text not null references destinations (key),
    text text not null,
    message_id text not null,
    reply_to text not null,
    reply_handle text not null,
    admin integer not null,
    event integer not null,
    received_at integer not null,
    done integer not null default 0
);
create index commands_waiting on commands (seq) where done = 0;
create index commands_destination on commands (destination, seq);

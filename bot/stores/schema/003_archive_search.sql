-- The archive's index: the folded words of each document (bot/core/archive/sieve.py), the title apart from the body. It keeps no
-- text; the `ascii` tokenizer takes each folded word for one word, because non-ASCII characters are letters to it.

create virtual table archive_index using fts5(title, body, content = '', columnsize = 0, tokenize = 'ascii');
create virtual table archive_terms using fts5vocab(archive_index, 'row');

create table archive_words (                       -- each folded word with the ways in which it was written
    word text not null,
    spelling text not null,
    primary key (word, spelling)
) without rowid;

-- what a backtest counts, without reading the texts
create index documents_glance on documents (seq, seen_at, published_at, story_id, id);

-- counters: "archive unindexed": documents up to this seq are not in the index yet; "archive folding": how the words
-- were folded; "archive words": changes when words were taken out of archive_words; "archive dropped": since then
insert into counters (name, value) select 'archive unindexed', coalesce(max(seq), 0) from documents;

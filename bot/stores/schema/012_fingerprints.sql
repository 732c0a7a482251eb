-- What story grouping remembers of the documents of the last days, so that a start reads no text again.

create table fingerprints (
    seq integer primary key references documents (seq) on delete cascade,
    form integer not null,      -- how `features` is to be read; one that this version does not read is made again
    document_id text not null,  -- here again: in `documents` the story stands behind the text, ten pages further on
    story_id text not null,
    seen_at integer not null,
    features blob not null      -- empty when nothing shall be remembered of the document
);

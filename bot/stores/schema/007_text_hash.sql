-- What arrived, so that an archived text can be shown to be it still; empty for documents archived before.

alter table documents add column text_hash text not null default '';

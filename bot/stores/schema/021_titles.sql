-- What the platform calls a chat; empty where it never said so.

alter table destinations add column title text not null default '';

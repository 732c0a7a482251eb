-- One name for one feature: articles that alerted are checked for corrections.

alter table rereads rename to correction_checks;
alter table correction_checks rename column edits to corrections;
drop index rereads_due;
create index correction_checks_due on correction_checks (next_at) where next_at is not null;
